import type { Trend } from "../core/forecast.ts";
import type { Threshold } from "../core/threshold.ts";
import { type TextsShown, textsOf } from "./forecast-texts.ts";
import { inWords, plainWriterOf, whenInWords, writerOf } from "./human-units.ts";
import { adviceAgainst, familyOf } from "./metric-advice.ts";
import type { AdviceFamily } from "./metric-families.ts";

/** The facts of a recommendation. Values are in the unit of the metric, shares 0..1. */
export interface RecommendationFacts {
  readonly metricName: string;
  readonly agentName?: string | undefined;
  /** OpenTelemetry unit (`s`, `%`, `By`, ...), needed when the name does not contain it. */
  readonly unit?: string | undefined;
  readonly current: number;
  readonly predicted: number;
  /** The bounds of the interval. They decide how many digits the prediction has. */
  readonly lower: number;
  readonly upper: number;
  readonly trend: Trend;
  readonly horizonSeconds: number;
  /** When the forecast was made, in epoch milliseconds. */
  readonly at: number;
  readonly threshold?: Threshold | undefined;
  /** 0 when the series has crossed the threshold. */
  readonly timeToThresholdSeconds?: number | undefined;
  /** Whether the series is a total of the day, and the day ends before the forecast is due. */
  readonly startsFromZero?: boolean | undefined;
  /**
   * Backtested MASE relative to naive. From 1 on, the forecast is no better than assuming no
   * change.
   */
  readonly errorVersusNaive: number;
}

type Course = "worse" | "better" | "level";
type Limit = "none" | "ahead" | "crossed";

const VERBS: Readonly<Record<Trend, string>> = { increasing: "rises", decreasing: "falls", stable: "stays" };
const PASSING = { above: "goes above", below: "drops below" } as const;

const DOUBT = ", though this forecast has been no better than assuming no change";

/** The advice, by the course of the series and by where its threshold lies. */
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
  /** Fits the direction of the series. */
  readonly now: string;
  /** Fits the direction of the threshold. */
  readonly trouble: string;
}

/** One sentence with what a metric does, by when, and what to do about it. */
export function recommend(given: RecommendationFacts): string {
  // A total that is lower after midnight has risen all day, and rises again.
  const isLowerAfterMidnight = given.startsFromZero === true && given.trend === "decreasing";
  const facts: RecommendationFacts = isLowerAfterMidnight ? { ...given, trend: "increasing" } : given;
  const { family, noun } = familyOf(facts.metricName);
  const limit = limitOf(facts);
  // The noun of a family contains what is counted: "number of active tasks".
  const write = family.noun === undefined ? writerOf(facts) : plainWriterOf(facts);
  const texts = textsOf(
    {
      ...facts,
      showsChange: facts.trend !== "stable",
      limit: limit === "none" ? undefined : facts.threshold?.value,
    },
    write,
  );
  const movement = isLowerAfterMidnight ? movementOverMidnight(facts, texts) : movementOf(facts, texts);
  const course = courseOf(facts, family);
  const action = ACTIONS[course][limit](adviceOf(facts, family));
  const doubt = facts.trend !== "stable" && facts.errorVersusNaive >= 1 ? DOUBT : "";
  const subject = `${family.noun === undefined ? "" : "The "}${noun}${ownerOf(facts)}`;
  return `${subject} ${movement}${limitClause(facts, limit, texts)}: ${action}${doubt}.`;
}

function ownerOf({ agentName, metricName }: RecommendationFacts): string {
  if (agentName !== undefined && agentName !== "") return ` of ${agentName}`;
  return metricName.startsWith("system_") ? " of the system" : "";
}

function movementOf({ trend, horizonSeconds }: RecommendationFacts, texts: TextsShown): string {
  const within = inWords(horizonSeconds);
  if (trend === "stable") return `stays ${near(texts.current)} over the next ${within.replace(/^1 /, "")}`;
  return `${VERBS[trend]} from ${texts.current} to ${texts.predicted} within ${within}`;
}

/** "near 99%". A value that is "just below 99%" is near enough. */
function near(value: string): string {
  return value.startsWith("just ") ? value : `near ${value}`;
}

function movementOverMidnight({ horizonSeconds }: RecommendationFacts, texts: TextsShown): string {
  return `starts from 0 at midnight and comes to ${texts.predicted} within ${inWords(horizonSeconds)}`;
}

function limitOf({ threshold, timeToThresholdSeconds }: RecommendationFacts): Limit {
  if (threshold === undefined || timeToThresholdSeconds === undefined) return "none";
  return timeToThresholdSeconds > 0 ? "ahead" : "crossed";
}

function limitClause(
  { threshold, timeToThresholdSeconds, at }: RecommendationFacts,
  limit: Limit,
  texts: TextsShown,
): string {
  if (limit === "none" || threshold === undefined) return "";
  if (limit === "crossed") return ` and is already ${threshold.direction} its limit of ${texts.limit}`;
  return ` and ${PASSING[threshold.direction]} its limit of ${texts.limit} ${whenInWords(timeToThresholdSeconds ?? 0, at)}`;
}

/** A threshold decides which direction is bad, and takes precedence over the family. */
function courseOf({ trend, threshold }: RecommendationFacts, family: AdviceFamily): Course {
  if (trend === "stable") return "level";
  const isRising = trend === "increasing";
  const isWorse =
    threshold === undefined
      ? family.trouble === "neither" || (family.trouble === "rising") === isRising
      : (threshold.direction === "above") === isRising;
  return isWorse ? "worse" : "better";
}

function adviceOf({ metricName, trend, threshold }: RecommendationFacts, family: AdviceFamily): Advice {
  return {
    now: adviceNow(trend, family),
    trouble: adviceAgainst(metricName, threshold?.direction ?? "above"),
  };
}

function adviceNow(trend: Trend, { isTotal, whenFalling, whenRising }: AdviceFamily): string {
  if (trend === "decreasing") return whenFalling;
  return isTotal === true ? "nothing to do, as it rises every day" : whenRising;
}
