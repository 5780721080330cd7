import type { SeriesKey } from "../core/series-key.ts";
import type { Threshold } from "../core/threshold.ts";
import type { Alert } from "./alert.ts";
import { textFor } from "./alert-text.ts";
import { defaultTexts } from "./default-texts.ts";
import type { ResolvedAlert } from "./resolved.ts";
import type { AlertForecast } from "./state/alert-condition.ts";
import type { AlertStanding } from "./state/alert-state.ts";
import { millisPassed } from "./state/crossing.ts";
import type { SteadyGrowth } from "./state/steady-growth.ts";

/** The numbers of a series at one moment. */
export interface SourceReading {
  readonly current: number;
  /** The forecast at the horizon of the alert; absent without a forecast. */
  readonly forecast?: AlertForecast | undefined;
  /** Whether there was no value in the last collection: then the forecast stands still. */
  readonly isStandingStill?: boolean;
  /**
   * Seconds until the series is forecast to cross a threshold. 0 when it has crossed it;
   * `undefined` when it will not, or when there is no forecast.
   */
  secondsUntil(threshold: Threshold): number | undefined;
}

/** The facts that an alert is described from. */
export interface AlertFacts {
  readonly rule: ResolvedAlert;
  readonly standing: AlertStanding;
  /** Epoch milliseconds of the reading. */
  readonly at: number;
  /** Absent before the first value of the series. */
  readonly reading: SourceReading | undefined;
  readonly growth: Pick<SteadyGrowth, "secondsToThreshold"> | undefined;
  readonly reason: Alert["reason"];
}

/** An alert as plain data, with its summary and its description. */
export function alertOf(facts: AlertFacts, subject: { key: SeriesKey; unit: string }): Alert {
  const { rule, standing, reading, reason } = facts;
  const { condition, horizon } = rule;
  const { agent } = subject.key.labels;
  const forecast = reading?.forecast;
  const crossing = reading?.secondsUntil(condition.threshold);
  const growing = reading === undefined ? undefined : facts.growth?.secondsToThreshold;
  const wordless: Alert = {
    name: rule.name,
    state: standing.state,
    since: standing.since,
    ...(standing.firedAt === undefined ? {} : { firedAt: standing.firedAt }),
    ...(standing.cause === undefined ? {} : { cause: standing.cause }),
    ...crossingOf(facts),
    ...(reason === undefined ? {} : { reason }),
    severity: rule.severity,
    metricName: subject.key.metric,
    ...(agent === undefined ? {} : { agentName: agent }),
    labels: { ...subject.key.labels },
    unit: subject.unit,
    on: condition.basis,
    threshold: condition.threshold,
    recovery: condition.recovery,
    horizonSeconds: forecast?.secondsAhead ?? horizon.seconds,
    at: facts.at,
    current: reading?.current ?? 0,
    ...(forecast === undefined
      ? {}
      : { predictedValue: forecast.predicted, lower: forecast.lower, upper: forecast.upper }),
    ...(forecast?.errorRatio === undefined ? {} : { errorRatio: forecast.errorRatio }),
    ...(crossing === undefined ? {} : { timeToThresholdSeconds: crossing }),
    ...(growing === undefined ? {} : { growthToThresholdSeconds: growing }),
    summary: "",
    description: "",
    ...(rule.runbookUrl === undefined ? {} : { runbookUrl: rule.runbookUrl }),
  };
  const usual = defaultTexts(wordless);
  return {
    ...wordless,
    summary: textFor(rule.summary ?? usual.summary, wordless),
    description: textFor(rule.description ?? usual.description, wordless),
  };
}

function crossingOf({ standing: { crossing }, at }: AlertFacts): Pick<Alert, "passedAt" | "passedSeconds"> {
  if (crossing === undefined) return {};
  return { passedAt: crossing.at, passedSeconds: millisPassed(crossing, at) / 1000 };
}
