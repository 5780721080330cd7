import type { Trend } from "../core/forecast.ts";
import type { Threshold } from "../core/threshold.ts";
import {
  inHumanUnits,
  inWords,
  type Quantity,
  quantityOf,
  USUAL_DIGITS,
  whenInWords,
} from "./human-units.ts";
import { adviceAgainst, familyOf, type MetricFamily } from "./metric-advice.ts";

/** What a recommendation is made from. Values are in the unit of the metric, shares 0..1. */
export interface RecommendationFacts {
  /** Prometheus name of the metric. */
  readonly metricName: string;
  readonly agentName?: string | undefined;
  /** Unit of OpenTelemetry (`s`, `%`, `By`, ...), where the name does not say it. */
  readonly unit?: string | undefined;
  readonly current: number;
  readonly predicted: number;
  readonly trend: Trend;
  readonly horizonSeconds: number;
  /** When the forecast was made, in epoch milliseconds. */
  readonly at: number;
  readonly threshold?: Threshold | undefined;
  /** 0 when the threshold is crossed already. */
  readonly timeToThresholdSeconds?: number | undefined;
  /** Whether it is a total of the day, and the day ends before then. */
  readonly beginsAnew?: boolean | undefined;
  /** At 1 or above the forecast is no better than assuming no change. */
  readonly errorVersusNaive: number;
}

type Course = "worse" | "better" | "level";
type Limit = "none" | "ahead" | "crossed";

const VERBS: Readonly<Record<Trend, string>> = { increasing: "rises", decreasing: "falls", stable: "stays" };
const PASSING = { above: "goes above", below: "drops below" } as const;

const DOUBT = ", though this forecast has been no better than assuming no change";

/** What to do, by where the series is heading and how it stands to its limit. */
const ACTIONS: Readonly<Record<Course, Readonly<Record<Limit, (advice: Advice) => string>>>> = {
  worse: {
    none: ({ now }) => now,
    ahead: ({ trouble }) => `${trouble} before then`,
    crossed: ({ trouble }) => `${trouble} now`,
  },
  better: {
    none: ({ now }) => now,
    ahead: ({ trouble }) => `${trouble} before then`,
    crossed: () => "it is on its way back, so watch that it goes on",
  },
  level: {
    none: () => "nothing to do",
    ahead: ({ trouble }) => `${trouble} before then`,
    crossed: ({ trouble }) => `${trouble} now`,
  },
};

interface Advice {
  /** For where the series is heading. */
  readonly now: string;
  /** Against what the threshold warns of. */
  readonly trouble: string;
}

/** One sentence that a person can act on: what a metric does, by when, and what to do about it. */
export function recommend(given: RecommendationFacts): string {
  // A total that falls as it begins anew rises all the same, before and after.
  const isLowerAnew = given.beginsAnew === true && given.trend === "decreasing";
  const facts: RecommendationFacts = isLowerAnew ? { ...given, trend: "increasing" } : given;
  const movement = isLowerAnew ? beginningAnew(facts) : movementOf(facts);
  const { family, noun } = familyOf(facts.metricName);
  const limit = limitOf(facts);
  const course = courseOf(facts, family);
  const action = ACTIONS[course][limit](adviceOf(facts, family));
  const doubt = facts.trend !== "stable" && facts.errorVersusNaive >= 1 ? DOUBT : "";
  return `The ${noun}${ownerOf(facts)} ${movement}${limitClause(facts, limit)}: ${action}${doubt}.`;
}

function ownerOf({ agentName, metricName }: RecommendationFacts): string {
  if (agentName !== undefined && agentName !== "") return ` of ${agentName}`;
  return metricName.startsWith("system_") ? " of the system" : "";
}

function movementOf({
  metricName,
  unit,
  current,
  predicted,
  trend,
  horizonSeconds,
}: RecommendationFacts): string {
  const quantity = quantityOf(metricName, unit);
  const within = inWords(horizonSeconds);
  if (trend === "stable")
    return `stays near ${inHumanUnits(current, quantity)} over the next ${within.replace(/^1 /, "")}`;
  const [from, to] = toldApart(current, predicted, quantity);
  return `${VERBS[trend]} from ${from} to ${to} within ${within}`;
}

function beginningAnew({ metricName, unit, predicted, horizonSeconds }: RecommendationFacts): string {
  const value = inHumanUnits(predicted, quantityOf(metricName, unit));
  return `begins anew at midnight and comes to ${value} within ${inWords(horizonSeconds)}`;
}

/** Both values with as many digits as it takes to see that they differ. */
function toldApart(current: number, predicted: number, quantity: Quantity): readonly [string, string] {
  for (let digits = USUAL_DIGITS; digits < 6; digits++) {
    const told = [
      inHumanUnits(current, quantity, digits),
      inHumanUnits(predicted, quantity, digits),
    ] as const;
    if (told[0] !== told[1]) return told;
  }
  return [inHumanUnits(current, quantity, 6), inHumanUnits(predicted, quantity, 6)];
}

function limitOf({ threshold, timeToThresholdSeconds }: RecommendationFacts): Limit {
  if (threshold === undefined || timeToThresholdSeconds === undefined) return "none";
  return timeToThresholdSeconds > 0 ? "ahead" : "crossed";
}

function limitClause(
  { metricName, unit, threshold, timeToThresholdSeconds, at }: RecommendationFacts,
  limit: Limit,
): string {
  if (limit === "none" || threshold === undefined) return "";
  const value = inHumanUnits(threshold.value, quantityOf(metricName, unit));
  if (limit === "crossed") return ` and is already ${threshold.direction} its limit of ${value}`;
  return ` and ${PASSING[threshold.direction]} its limit of ${value} ${whenInWords(timeToThresholdSeconds ?? 0, at)}`;
}

/** A threshold says which way trouble is, whatever the family thinks. */
function courseOf({ trend, threshold }: RecommendationFacts, family: MetricFamily): Course {
  if (trend === "stable") return "level";
  const isRising = trend === "increasing";
  const isWorse =
    threshold === undefined
      ? family.trouble === "neither" || (family.trouble === "rising") === isRising
      : (threshold.direction === "above") === isRising;
  return isWorse ? "worse" : "better";
}

function adviceOf({ metricName, trend, threshold }: RecommendationFacts, family: MetricFamily): Advice {
  return {
    now: adviceNow(trend, family),
    trouble: adviceAgainst(metricName, threshold?.direction ?? "above"),
  };
}

function adviceNow(trend: Trend, { isTotal, whenFalling, whenRising }: MetricFamily): string {
  if (trend === "decreasing") return whenFalling;
  return isTotal === true ? "nothing to do, as it rises every day" : whenRising;
}
