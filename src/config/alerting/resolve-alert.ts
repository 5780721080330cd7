import type { AlertRule } from "../../alerts/entries.ts";
import type { ResolvedAction, ResolvedAlert } from "../../alerts/resolved.ts";
import { seriesTest } from "../../alerts/series-test.ts";
import type { AlertCondition } from "../../alerts/state/alert-condition.ts";
import type { AlertTiming } from "../../alerts/state/alert-state.ts";
import { type Horizon, MIDNIGHT } from "../../core/horizon.ts";
import { patternsMeet } from "../../views/pattern.ts";
import { toThreshold } from "../schema.ts";
import { checkAlertLimits } from "./check-limits.ts";
import { milderLimits } from "./default-limits.ts";
import type { Findings } from "./findings.ts";
import { type KnownMetric, nearestMetrics } from "./known-metrics.ts";
import { checkTemplate, millisOf } from "./resolve-action.ts";

/** The names that an alert can refer to, and the defaults that depend on the process. */
export interface AlertContext {
  readonly metrics: readonly KnownMetric[];
  /** Horizons of the process. */
  readonly horizons: readonly Horizon[];
  /** Actions by name; `undefined` for an action whose entry is wrong. */
  readonly actions: ReadonlyMap<string, ResolvedAction | undefined>;
  readonly collectionIntervalMillis: number;
  /** Time between two selections of models. */
  readonly forecastIntervalMillis: number;
}

/** The metrics that an alert is about. */
interface AlertMetrics {
  readonly known: readonly KnownMetric[];
  readonly areDailyTotals: boolean;
}

const DEFAULT_COOLDOWN = "5m";
const DEFAULT_SHARE = 0.25;
/** The total of a day is on its way to its limit as soon as anything was used. */
const ANYTHING_USED: AlertCondition["onItsWay"] = { beyond: 0 };
/** A backtest of at least this share of the horizon can be trusted. */
const MIN_KNOWN_SHARE = 0.5;
/** The default of `for` and, for a level, of `keepFiringFor`. */
const DEFAULT_WAIT_COLLECTIONS = 3;

/** Checks the entry of an alert and fills in its defaults. Reports mistakes to `findings`. */
export function resolveAlert(
  entry: AlertRule,
  context: AlertContext,
  findings: Findings,
): ResolvedAlert | undefined {
  const before = findings.all.length;
  const on = entry.on ?? "forecast";
  const metrics = metricsOf(entry.metric, context.metrics, findings.at("metric"));
  checkAlertLimits(entry, metrics.known, findings.at("threshold"));
  const horizon = horizonOf(entry.horizon, metrics, context.horizons, findings.at("horizon"));
  for (const key of ["summary", "description"] as const) checkTemplate(entry[key], findings.at(key));
  const actions = actionsOf(entry.actions ?? [], on === "forecast", context.actions, findings.at("actions"));
  if (findings.all.length > before || horizon === undefined) return undefined;
  const threshold = toThreshold(entry.threshold);
  const { recovery, nearly, nearlyUnknown, mostly } = milderLimits(threshold, entry.threshold.recovery, {
    bounds: metrics.known.map(({ bounds }) => bounds),
    areDailyTotals: metrics.areDailyTotals,
  });
  return {
    ...seriesTest([entry.metric], entry.agents, entry.where),
    name: entry.name,
    metric: entry.metric,
    horizon,
    condition: {
      threshold,
      recovery,
      basis: on,
      bound: entry.bound ?? (threshold.direction === "above" ? "lower" : "upper"),
      onItsWay: entry.onItsWay ?? (metrics.areDailyTotals ? ANYTHING_USED : { share: DEFAULT_SHARE }),
      nearly,
      nearlyUnknown,
      // A bound that the user chose counts at any level.
      mostly: entry.bound === undefined ? mostly : undefined,
      maxErrorRatio: entry.maxErrorRatio ?? 1,
      whenErrorUnknown: entry.whenErrorUnknown ?? "backtest",
      // The models of totals know how the use of a day goes on, and a day is short.
      minKnownSeconds: metrics.areDailyTotals ? 0 : MIN_KNOWN_SHARE * horizon.seconds,
    },
    onGrowth: on === "forecast" && (entry.onGrowth ?? !metrics.areDailyTotals),
    timing: timingOf(entry, horizon, context),
    severity: entry.severity ?? "warning",
    summary: entry.summary,
    description: entry.description,
    runbookUrl: entry.runbookUrl,
    actions,
  };
}

/**
 * A forecast may differ for as long as one model is used, so it must be good for that long before
 * the alert ends. A short horizon does not wait for longer than itself.
 */
function timingOf(entry: AlertRule, horizon: Horizon, context: AlertContext): AlertTiming {
  const waitMillis = DEFAULT_WAIT_COLLECTIONS * context.collectionIntervalMillis;
  const keepMillis =
    entry.on === "level"
      ? waitMillis
      : Math.max(waitMillis, Math.min(context.forecastIntervalMillis, horizon.seconds * 1000));
  return {
    forMillis: entry.for === undefined ? waitMillis : millisOf(entry.for),
    levelForMillis: entry.for === undefined ? 0 : millisOf(entry.for),
    keepFiringForMillis: entry.keepFiringFor === undefined ? keepMillis : millisOf(entry.keepFiringFor),
    cooldownMillis: millisOf(entry.cooldown ?? DEFAULT_COOLDOWN),
  };
}

function metricsOf(name: string, metrics: readonly KnownMetric[], findings: Findings): AlertMetrics {
  const known = metrics.filter(({ pattern }) => patternsMeet(pattern, name));
  if (known.length === 0)
    findings.add(
      `${name} is not a metric that the default views or the given ones forecast, such as ` +
        `${nearestMetrics(name, metrics).join(", ")}; an instrument of the application has to be named by a view`,
    );
  return { known, areDailyTotals: known.length > 0 && known.every((metric) => metric.isDailyTotal) };
}

/**
 * The horizon that the entry names, if the metrics are forecast at it. Without a name: midnight for
 * totals of a day, the shortest horizon for other metrics.
 */
function horizonOf(
  label: string | undefined,
  { known, areDailyTotals }: AlertMetrics,
  usual: readonly Horizon[],
  findings: Findings,
): Horizon | undefined {
  const all = known.length === 0 ? usual : known.flatMap((metric) => horizonsOf(metric, usual));
  const sorted = all.toSorted((one, other) => one.seconds - other.seconds);
  if (label === undefined) return areDailyTotals ? MIDNIGHT : sorted[0];
  const found = sorted.find((horizon) => horizon.label === label);
  const labels = [...new Set(sorted.map((horizon) => horizon.label))];
  return found ?? findings.add(`must be one that it is forecast at: ${labels.join(", ")}`);
}

function horizonsOf({ horizons, isDailyTotal }: KnownMetric, usual: readonly Horizon[]): readonly Horizon[] {
  return [...(horizons ?? usual), ...(isDailyTotal ? [MIDNIGHT] : [])];
}

function actionsOf(
  names: readonly string[],
  isForecastAlone: boolean,
  actions: AlertContext["actions"],
  findings: Findings,
): ResolvedAction[] {
  return names.flatMap((name, index) => {
    if (!actions.has(name)) {
      const defined = actions.size === 0 ? "none is" : `defined are ${[...actions.keys()].join(", ")}`;
      findings.at(index).add(`there is no action "${name}"; ${defined}`);
      return [];
    }
    const action = actions.get(name);
    if (action === undefined) return [];
    if (isForecastAlone && (action.effect === "reduce" || action.effect === "delete"))
      findings
        .at(index)
        .add(
          `a forecast alone may add or protect; "${name}" may ${action.effect} only with "on: both" or "on: level"`,
        );
    return [action];
  });
}
