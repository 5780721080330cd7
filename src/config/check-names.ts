import { isSlipOf, nearestNames } from "../core/nearest-names.ts";
import { rememberLast } from "../core/remember-last.ts";
import type { Threshold } from "../core/threshold.ts";
import { agentMetrics } from "../metrics/agent-metrics.ts";
import { SYSTEM_METRICS } from "../metrics/system-metrics.ts";
import { prometheusName } from "../prometheus/metric-name.ts";
import { patternsMeet } from "../views/pattern.ts";
import { type Finding, Findings } from "./alerting/findings.ts";
import type { KnownMetric } from "./alerting/known-metrics.ts";
import { instrumentNames } from "./check-view-names.ts";

/** What the names of metrics are checked against. */
export interface NameContext {
  readonly namespace: string;
  /** The metrics that the default views and the given ones forecast. */
  readonly metrics: () => readonly KnownMetric[];
}

/** A name as Prometheus or OpenTelemetry writes it. */
const METRIC_NAME = /^[a-zA-Z_:][\w:./-]{0,254}$/;
/** What the unit of an instrument adds to its Prometheus name, most often. */
const UNIT =
  /^_((milli|micro|nano)?seconds|((kilo|mega|giga|kibi|mebi|gibi)?bytes)(_per_second)?|percent|ratio|total)$/;

/**
 * Finds thresholds on metrics that are never forecast. An application's own metric is not known
 * before it is measured.
 */
export function checkThresholdNames(
  thresholds: ReadonlyMap<string, Threshold>,
  context: NameContext,
): Finding[] {
  const findings = new Findings();
  checkRepeats(thresholds, context.namespace, findings);
  for (const name of thresholds.keys()) {
    const ofName = findings.at("thresholds", name);
    if (!METRIC_NAME.test(name)) ofName.add("must be the name of one metric");
    else if (isMistaken(name, context))
      ofName.add(`${name} is not a metric that is forecast; did you mean ${suggestions(name, context)}?`);
  }
  return [...findings.all];
}

/** Thresholds on metrics that only the application can have. They may be mistakes. */
export function remarksOnThresholds(
  thresholds: ReadonlyMap<string, Threshold>,
  context: NameContext,
): Finding[] {
  const names = [...thresholds.keys()];
  const repeated = names.flatMap((name) => {
    const plain = inPrometheus(name, context.namespace);
    const other = names.find(
      (it) => name.includes(".") && it.startsWith(`${plain}_`) && UNIT.test(it.slice(plain.length)),
    );
    const message = `${name} and ${other} may be the same metric: then ${other} is used`;
    return other === undefined ? [] : [{ path: ["thresholds", name], message }];
  });
  const unknown = names
    .filter((name) => METRIC_NAME.test(name) && !isForecast(name, context) && !isMistaken(name, context))
    .map((name) => {
      const near = suggestions(name, context, name.length / 2);
      const hint = near === "" ? "" : `; or did you mean ${near}?`;
      const message = `no view names ${name}: it has to be a metric of the application${hint}`;
      return { path: ["thresholds", name], message };
    });
  return [...unknown, ...repeated];
}

/** Finds thresholds that are for one metric, by its two names. Only the second one is named. */
function checkRepeats(
  thresholds: ReadonlyMap<string, Threshold>,
  namespace: string,
  findings: Findings,
): void {
  const names = new Map<string, string>();
  for (const name of thresholds.keys()) {
    const metric = inPrometheus(name, namespace);
    const first = names.get(metric);
    if (first === undefined) names.set(metric, name);
    else
      findings.at("thresholds", name).add(`${name} and ${first} are the same metric: give it one threshold`);
  }
}

/**
 * The thresholds of several sources by name. For one metric the last source counts, by whichever of
 * its two names it has the metric.
 */
export function mergedThresholds(
  sources: readonly ReadonlyMap<string, Threshold>[],
  namespace: string,
): Map<string, Threshold> {
  const merged = new Map<string, Threshold>();
  for (const source of sources) {
    const given = new Set([...source.keys()].map((name) => inPrometheus(name, namespace)));
    for (const name of merged.keys()) if (given.has(inPrometheus(name, namespace))) merged.delete(name);
    for (const [name, threshold] of source) merged.set(name, threshold);
  }
  return merged;
}

/** Whether a metric of this name may be forecast. */
function isForecast(name: string, { namespace, metrics }: NameContext): boolean {
  const asPrometheus = inPrometheus(name, namespace);
  return metrics().some(({ pattern }) => patternsMeet(pattern, asPrometheus));
}

/**
 * Whether it is a name of ours that is not forecast, or one but for a slip of the hand. An
 * application may well have metrics whose names are near to each other.
 */
export function isMistaken(name: string, context: NameContext): boolean {
  if (isForecast(name, context)) return false;
  const own = ownNames(context.namespace);
  const plain = inPrometheus(name, context.namespace);
  const forecast = context.metrics().flatMap(({ pattern, isOurs }) => (isOurs ? [pattern] : []));
  return own.has(name) || own.has(plain) || isSlipOf(plain, forecast);
}

/** The known metrics that a name may have been meant as. */
export function suggestions(name: string, context: NameContext, maxEdits?: number): string {
  const literal = context.metrics().flatMap(({ pattern }) => (/[*?]/.test(pattern) ? [] : [pattern]));
  return nearestNames(inPrometheus(name, context.namespace), literal, maxEdits).join(", ");
}

/** The Prometheus name of a metric. The unit of an application's instrument is not known. */
function inPrometheus(name: string, namespace: string): string {
  return namesInPrometheus(namespace).get(name) ?? name.replace(/[^\w:*?]+/g, "_");
}

/** The names of our instruments and metrics, in both forms. A file may have thousands of names to compare. */
const ownNames = rememberLast(
  (namespace): ReadonlySet<string> =>
    new Set([...instrumentNames(namespace), ...Object.values(agentMetrics(namespace)).map(prometheusName)]),
);

/** The Prometheus names of our metrics by their names. */
const namesInPrometheus = rememberLast((namespace): ReadonlyMap<string, string> => {
  const metrics = [...Object.values(agentMetrics(namespace)), ...Object.values(SYSTEM_METRICS)];
  return new Map(metrics.map((metric) => [metric.name, prometheusName(metric)]));
});
