import { isSlipOf, nearestNames } from "../core/nearest-names.ts";
import { rememberLast } from "../core/remember-last.ts";
import type { OwnInstrument } from "../metrics/own-instruments.ts";
import { prometheusName } from "../prometheus/metric-name.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import { compilePattern } from "../views/pattern.ts";
import { canGive } from "../views/resolved-output.ts";
import { type Finding, Findings } from "./alerting/findings.ts";
import { instrumentsOf } from "./alerting/known-metrics.ts";

const TYPES = { level: "gauge", increment: "counter", histogram: "histogram" } as const;

/** What one pattern of a view selects among the instruments of this package. */
interface Selected {
  readonly pattern: string;
  readonly own: readonly OwnInstrument[];
  /** Whether it can only mean instruments of this package. */
  readonly isOurs: boolean;
}

/**
 * Finds views of our own instruments that select nothing. An instrument of the application is not
 * known before it is created.
 */
export function checkViewNames(views: readonly ForecastView[], namespace: string): Finding[] {
  const findings = new Findings();
  for (const [index, view] of views.entries()) {
    const selected = view.instruments.map((pattern) => selectedBy(pattern, namespace));
    const ofView = findings.at("views", index);
    for (const { pattern, own, isOurs } of selected)
      if (own.length === 0 && isOurs) ofView.at("instrument").add(noInstrument(pattern, namespace));
    const own = selected.flatMap((one) => one.own);
    if (own.length > 0 && selected.every(({ isOurs }) => isOurs)) checkUse(view, own, namespace, ofView);
  }
  return [...findings.all];
}

/** Views whose names may be mistakes. */
export function remarksOnViews(views: readonly ForecastView[], namespace: string): Finding[] {
  const findings = new Findings();
  for (const [index, { instruments, by, outputs }] of views.entries()) {
    const selected = instruments.map((pattern) => selectedBy(pattern, namespace));
    const remarks = findings.at("views", index);
    for (const { pattern, own, isOurs } of selected)
      if (own.length === 0 && !isOurs && pattern.startsWith(`${namespace}.`))
        remarks.at("instrument").add(`${noInstrument(pattern, namespace)} The application may have it.`);
    const own = selected.flatMap((one) => (one.isOurs ? one.own : []));
    const isUnnamed = outputs.some(({ number, name }) => number === "level" && name === "{instrument}");
    const sums = own.find(({ attributes }) => by !== "all" && !isSame(attributes, by));
    if (isUnnamed && sums !== undefined)
      remarks
        .at("name")
        .add(`is missing: the sums have the name of what they sum, ${prometheusNameOf(sums)}`);
  }
  return [...findings.all];
}

/** The Prometheus name of an instrument of this package. */
export function prometheusNameOf({ name, unit, kind }: OwnInstrument): string {
  return prometheusName({ name, unit, type: TYPES[kind] });
}

/** The published attributes: the model of a total of today is none, unless a view names it. */
function isSame(attributes: readonly string[], by: readonly string[]): boolean {
  return attributes.every((attribute) => attribute === "model" || by.includes(attribute));
}

function selectedBy(pattern: string, namespace: string): Selected {
  const instruments = instrumentsOf(namespace);
  const matches = compilePattern(pattern);
  const own = instruments.filter(({ name }) => matches(name));
  if (/[*?!]/.test(pattern))
    return { pattern, own, isOurs: own.length > 0 && pattern.startsWith(`${namespace}.`) };
  const names = instrumentNames(namespace);
  return { pattern, own, isOurs: names.has(pattern) || isSlipOf(pattern, names) };
}

/** The names of our instruments, in both forms. */
export const instrumentNames = rememberLast(
  (namespace): ReadonlySet<string> =>
    new Set(instrumentsOf(namespace).flatMap((it) => [it.name, prometheusNameOf(it)])),
);

/** Checks that the numbers and the attributes of a view exist in the instruments that it selects. */
function checkUse(
  { by, where = {}, outputs }: ForecastView,
  own: readonly OwnInstrument[],
  namespace: string,
  findings: Findings,
): void {
  const names = own.map(({ name }) => name).join(", ");
  for (const { number } of outputs)
    if (!own.some(({ kind }) => canGive(kind, number)))
      findings
        .at("number")
        .add(`${number} can't be made of ${names}: a ${TYPES[(own[0] as OwnInstrument).kind]}`);
  const add = (attribute: string, at: Findings): void => {
    if (own.some(({ attributes }) => attributes.includes(attribute))) return;
    at.add(noAttribute(attribute, names, own, namespace));
  };
  for (const attribute of by === "all" ? [] : by) add(attribute, findings.at("by"));
  for (const [attribute, pattern] of Object.entries(where))
    if (pattern !== "" && !pattern.startsWith("!")) add(attribute, findings.at("where", attribute));
}

function noAttribute(
  attribute: string,
  names: string,
  own: readonly OwnInstrument[],
  namespace: string,
): string {
  const attributes = [...new Set(own.flatMap((instrument) => instrument.attributes))];
  const has = attributes.length === 0 ? "it has none" : `its attributes are ${attributes.join(", ")}`;
  const others = instrumentsOf(namespace).filter((other) => other.attributes.includes(attribute));
  const nearest = nearestNames(
    names,
    others.map(({ name }) => name),
  );
  const elsewhere = nearest.length === 0 ? "" : `. Instruments with it: ${nearest.join(", ")}`;
  return `${names} has no attribute ${attribute}; ${has}${elsewhere}`;
}

function noInstrument(pattern: string, namespace: string): string {
  const instruments = instrumentsOf(namespace);
  const exact = instruments.find((own) => prometheusNameOf(own) === pattern);
  const names = instruments.map(({ name }) => name);
  return `${pattern} is no instrument of this package; did you mean ${exact?.name ?? nearestNames(pattern, names).join(", ")}?`;
}
