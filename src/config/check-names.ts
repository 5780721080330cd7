import { isSlipOf, nearestNames } from "../core/nearest-names.ts";
import type { Threshold } from "../core/threshold.ts";
import { agentMetrics } from "../metrics/agent-metrics.ts";
import { ownInstruments } from "../metrics/own-instruments.ts";
import { prometheusName } from "../prometheus/metric-name.ts";
import { patternsMeet } from "../views/pattern.ts";
import { type Finding, Findings } from "./alerting/findings.ts";
import type { KnownMetric } from "./alerting/known-metrics.ts";
import { prometheusNameOf } from "./check-view-names.ts";

/** What the names of metrics are checked against. */
export interface NameContext {
  readonly namespace: string;
  /** The metrics that the default views and the given ones forecast. */
  readonly metrics: () => readonly KnownMetric[];
}

/** A name as Prometheus or OpenTelemetry writes it. */
const METRIC_NAME = /^[a-zA-Z_:][\w:./-]{0,254}$/;

/**
 * Finds thresholds on metrics that are never forecast. An application's own metric is not known
 * before it is measured.
 */
export function checkThresholdNames(
  thresholds: ReadonlyMap<string, Threshold>,
  context: NameContext,
): Finding[] {
  const findings = new Findings();
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
  return [...thresholds.keys()]
    .filter((name) => METRIC_NAME.test(name) && !isForecast(name, context) && !isMistaken(name, context))
    .map((name) => {
      const near = suggestions(name, context, name.length / 2);
      const hint = near === "" ? "" : `; or did you mean ${near}?`;
      const message = `no view names ${name}: it has to be a metric of the application${hint}`;
      return { path: ["thresholds", name], message };
    });
}

/** Whether a metric of this name may be forecast. */
function isForecast(name: string, { namespace, metrics }: NameContext): boolean {
  const own = ownInstruments(namespace).find((instrument) => instrument.name === name);
  const asPrometheus = own === undefined ? inPrometheus(name) : prometheusNameOf(own);
  return metrics().some(({ pattern }) => patternsMeet(pattern, asPrometheus));
}

/**
 * Whether it is a name of ours that is not forecast, or one but for a slip of the hand. An
 * application may well have metrics whose names are near to each other.
 */
function isMistaken(name: string, context: NameContext): boolean {
  if (isForecast(name, context)) return false;
  const own = [
    ...ownInstruments(context.namespace).flatMap((it) => [it.name, prometheusNameOf(it)]),
    ...Object.values(agentMetrics(context.namespace)).map(prometheusName),
  ];
  const plain = inPrometheus(name);
  const forecast = context.metrics().flatMap(({ pattern, isOurs }) => (isOurs ? [pattern] : []));
  return own.includes(name) || own.includes(plain) || isSlipOf(plain, forecast);
}

function suggestions(name: string, context: NameContext, maxEdits?: number): string {
  const literal = context.metrics().flatMap(({ pattern }) => (/[*?]/.test(pattern) ? [] : [pattern]));
  return nearestNames(inPrometheus(name), literal, maxEdits).join(", ");
}

function inPrometheus(name: string): string {
  return name.replace(/[^\w:]+/g, "_");
}
