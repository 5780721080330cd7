import * as v from "valibot";
import type { Document } from "yaml";
import type { AlertingEntries } from "../alerts/entries.ts";
import { optionError } from "../core/option-error.ts";
import { messageOf } from "../core/text-of.ts";
import type { Threshold } from "../core/threshold.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import { alertingSchemas } from "./alerting/entry-schemas.ts";
import type { Finding } from "./alerting/finding.ts";
import { keyLines } from "./key-lines.ts";
import type { Price } from "./options.ts";
import {
  bounds,
  by,
  duration,
  explain,
  filter,
  horizons,
  method,
  money,
  numberNames,
  oneOf,
  quantile,
  text,
  texts,
  threshold,
  timeZone,
  toThreshold,
} from "./schema.ts";
import { type Settings, settings } from "./settings.ts";
import { toForecastView, type ViewEntry } from "./view-entry.ts";
import { yaml } from "./yaml.ts";

/** What a configuration file says, checked. */
export interface Configuration {
  readonly settings: Partial<Settings>;
  readonly views: readonly ForecastView[];
  readonly thresholds: ReadonlyMap<string, Threshold>;
  readonly alerting: AlertingEntries;
  readonly prices: readonly Price[];
  /** Findings with their file, line and key, by line. */
  tell(findings: readonly Finding[]): string[];
}

/** Everything that is wrong with a configuration file, a line each. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly findings: readonly string[];

  constructor(findings: readonly string[]) {
    super(findings.join("; "));
    this.findings = findings;
  }
}

const viewEntry = v.strictObject({
  instrument: v.union([text, texts], "must be the name of an instrument, a pattern, or a list of them"),
  scope: v.optional(text),
  where: v.optional(filter),
  number: oneOf(numberNames),
  quantile: v.optional(quantile),
  of: v.optional(filter),
  name: v.optional(
    v.pipe(v.string(), v.regex(/^[a-zA-Z][\w.{}/-]{0,254}$/, "must be an OpenTelemetry metric name")),
  ),
  unit: v.optional(v.string()),
  by: v.optional(by),
  bounds: v.optional(bounds),
  threshold: v.optional(threshold),
  horizons: v.optional(horizons),
  method: v.optional(method),
  season: v.optional(duration),
  timeZone: v.optional(timeZone),
  dailyTotal: v.optional(v.boolean()),
});
const checkedView = v.pipe(
  viewEntry,
  v.forward(
    v.partialCheck(
      [["number"], ["dailyTotal"]],
      ({ number, dailyTotal }) => dailyTotal !== true || number === "level",
      "must be left out unless the number is level",
    ),
    ["dailyTotal"],
  ),
);

/** Keys that a view may have in a configuration file. */
export const VIEW_KEYS: readonly string[] = Object.keys(viewEntry.entries);

const price = v.strictObject({
  model: text,
  input: money,
  output: money,
  cachedInput: v.optional(money),
});

const file = v.strictObject({
  horizons: v.optional(horizons),
  method: v.optional(method),
  views: v.optional(v.array(checkedView)),
  thresholds: v.optional(v.record(v.string(), threshold)),
  prices: v.optional(v.array(price)),
  ...alertingSchemas,
});

/**
 * Reads a configuration file, YAML or JSON (which is YAML).
 *
 * @throws ConfigurationError that names the file, the line, the key and what was expected.
 */
export function readConfiguration(path: string, content: string): Configuration {
  const { LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines });
  const lineOf = keyLines(document, lines);
  const tell = (wrong: readonly { keys: readonly PropertyKey[]; what: string }[]): string[] =>
    wrong
      .map(({ keys, what }) => ({ line: lineOf(keys), what }))
      .sort((one, other) => one.line - other.line)
      .map(({ line, what }) => `${path}:${line}: ${what}`);
  const broken = document.errors[0];
  if (broken !== undefined) {
    const [what] = broken.message.split("\n");
    throw new ConfigurationError([`${path}:${broken.linePos?.[0].line ?? 1}: ${what}`]);
  }
  const parsed = v.safeParse(file, contentOf(document, path));
  if (!parsed.success) {
    throw new ConfigurationError(
      tell(parsed.issues.map((issue) => ({ keys: keysOf(issue), what: explain(issue) }))),
    );
  }
  const { views, thresholds, prices, horizons: ahead, method: name, ...alerting } = parsed.output;
  return {
    settings: {
      ...(ahead === undefined ? {} : { horizons: settings.horizons.fromOption(ahead) ?? [] }),
      ...(name === undefined ? {} : { method: name }),
    },
    views: (views ?? []).map((entry) => toForecastView(entry as ViewEntry)),
    thresholds: new Map(Object.entries(thresholds ?? {}).map(([metric, it]) => [metric, toThreshold(it)])),
    prices: (prices ?? []) as readonly Price[],
    alerting: alerting as AlertingEntries,
    tell: (findings) =>
      tell(findings.map(({ path: keys, message }) => ({ keys, what: `"${keys.join(".")}": ${message}` }))),
  };
}

/** The plain data; aliases that would make too much of it are refused by the parser. */
function contentOf(document: Document.Parsed, path: string): unknown {
  let content: unknown;
  try {
    content = document.toJS() ?? {};
  } catch (error) {
    throw new ConfigurationError([`${path}:1: ${messageOf(error)}`]);
  }
  if (typeof content === "object" && !Array.isArray(content)) return content;
  throw new ConfigurationError([
    `${path}:1: must be a mapping with any of ${Object.keys(file.entries).join(", ")}`,
  ]);
}

/** @throws TypeError that names the option that is wrong and what was expected. */
export function checkAlertingEntries(given: AlertingEntries): void {
  const parsed = v.safeParse(v.object(alertingSchemas), given);
  if (parsed.success) return;
  const wrong = parsed.issues.map((issue) => `option ${explain(issue)}`).join("; ");
  throw optionError(`${wrong}`);
}

function keysOf(issue: v.BaseIssue<unknown>): PropertyKey[] {
  return (issue.path ?? []).map((item) => item.key as PropertyKey);
}
