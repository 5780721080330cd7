import type { AlertRule } from "../../alerts/entries.ts";
import type { AlertCondition } from "../../alerts/rule/alert-condition.ts";
import type { ResolvedAction, ResolvedAlert } from "../../alerts/rules.ts";
import { seriesTest } from "../../alerts/series-test.ts";
import { type Horizon, MIDNIGHT } from "../../core/horizon.ts";
import type { Threshold } from "../../core/threshold.ts";
import { checkNumbers } from "./check-numbers.ts";
import type { Findings } from "./finding.ts";
import type { KnownMetric } from "./known-metrics.ts";
import { patternsMeet } from "./patterns-meet.ts";
import { checkTemplate, millisOf } from "./resolve-action.ts";

/** What an alert rule can refer to. */
export interface AlertContext {
  readonly metrics: readonly KnownMetric[];
  /** Horizons of the process. */
  readonly horizons: readonly Horizon[];
  /** Actions by name; `undefined` for one that is there and wrong. */
  readonly actions: ReadonlyMap<string, ResolvedAction | undefined>;
  readonly collectionIntervalMillis: number;
}

const DEFAULT_COOLDOWN = "5m";
const DEFAULT_SHARE = 0.25;
/** A total of the day is always on its way, as soon as anything was used. */
const ANYTHING_USED: AlertCondition["onItsWay"] = { beyond: 0 };
/** Collections in a row that an alert waits for where nothing is said. */
const PATIENCE = 3;

/** Checks an alert rule and fills in its defaults; what is wrong is noted in `findings`. */
export function resolveAlert(
  rule: AlertRule,
  index: number,
  context: AlertContext,
  findings: Findings,
): ResolvedAlert | undefined {
  const path = ["alerts", index];
  const before = findings.found.length;
  const on = rule.on ?? "forecast";
  const threshold: Threshold =
    "above" in rule.threshold
      ? { value: rule.threshold.above, direction: "above" }
      : { value: rule.threshold.below, direction: "below" };
  const recovery = rule.threshold.recovery ?? threshold.value;
  const known = context.metrics.filter(({ pattern }) => patternsMeet(pattern, rule.metric));
  const isDailyTotal = known.length > 0 && known.every((metric) => metric.isDailyTotal);
  checkNumbers(rule, threshold, recovery, context.metrics, path, findings);
  const horizon = horizonOf(rule, { known, isDailyTotal }, context.horizons, path, findings);
  for (const key of ["summary", "description"] as const) checkTemplate(rule[key], [...path, key], findings);
  const actions = actionsOf(rule, on === "forecast", context, path, findings);
  if (findings.found.length > before || horizon === undefined) return undefined;
  const patience = PATIENCE * context.collectionIntervalMillis;
  return {
    ...seriesTest([rule.metric], rule.agents, rule.where),
    name: rule.name,
    horizon,
    condition: {
      threshold,
      recovery,
      basis: on,
      bound: rule.bound ?? (threshold.direction === "above" ? "lower" : "upper"),
      onItsWay: rule.onItsWay ?? (isDailyTotal ? ANYTHING_USED : { share: DEFAULT_SHARE }),
      maxErrorRatio: rule.maxErrorRatio ?? 1,
      whenErrorUnknown: rule.whenErrorUnknown ?? "backtest",
    },
    timing: {
      forMillis: rule.for === undefined ? patience : millisOf(rule.for),
      keepFiringForMillis: rule.keepFiringFor === undefined ? patience : millisOf(rule.keepFiringFor),
      cooldownMillis: millisOf(rule.cooldown ?? DEFAULT_COOLDOWN),
    },
    severity: rule.severity ?? "warning",
    summary: rule.summary,
    description: rule.description,
    runbookUrl: rule.runbookUrl,
    actions,
  };
}

/** The horizon that is asked for, of those that the metric is forecast at; else midnight for totals of a day, the shortest for others. */
function horizonOf(
  rule: AlertRule,
  { known, isDailyTotal }: { known: readonly KnownMetric[]; isDailyTotal: boolean },
  horizons: readonly Horizon[],
  path: readonly (string | number)[],
  findings: Findings,
): Horizon | undefined {
  const ahead = known.length === 0 ? horizons : known.flatMap((metric) => horizonsOf(metric, horizons));
  const sorted = ahead.toSorted((one, other) => one.seconds - other.seconds);
  if (rule.horizon === undefined) return isDailyTotal ? MIDNIGHT : sorted[0];
  const labels = [...new Set(sorted.map(({ label }) => label))];
  const found = sorted.find(({ label }) => label === rule.horizon);
  return (
    found ?? findings.add([...path, "horizon"], `must be one that it is forecast at: ${labels.join(", ")}`)
  );
}

function horizonsOf({ horizons, isDailyTotal }: KnownMetric, usual: readonly Horizon[]): readonly Horizon[] {
  return [...(horizons ?? usual), ...(isDailyTotal ? [MIDNIGHT] : [])];
}

function actionsOf(
  rule: AlertRule,
  isForecastAlone: boolean,
  { actions }: AlertContext,
  path: readonly (string | number)[],
  findings: Findings,
): ResolvedAction[] {
  return (rule.actions ?? []).flatMap((name, index) => {
    const at = [...path, "actions", index];
    if (!actions.has(name)) {
      const defined = actions.size === 0 ? "none is" : `defined are ${[...actions.keys()].join(", ")}`;
      findings.add(at, `there is no action "${name}"; ${defined}`);
      return [];
    }
    const action = actions.get(name);
    if (action === undefined) return [];
    if (isForecastAlone && (action.effect === "reduce" || action.effect === "delete")) {
      findings.add(
        at,
        `a forecast alone may add or protect; "${name}" may ${action.effect} only with "on: both" or "on: level"`,
      );
    }
    return [action];
  });
}
