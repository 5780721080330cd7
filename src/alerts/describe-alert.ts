import type { SeriesKey } from "../core/series-key.ts";
import type { Threshold } from "../core/threshold.ts";
import type { Alert } from "./alert.ts";
import { defaultTexts, textFor } from "./alert-text.ts";
import type { ResolvedAlert } from "./resolved.ts";
import type { AlertForecast } from "./state/alert-condition.ts";
import type { AlertStanding } from "./state/alert-state.ts";

/** The numbers of a series at one moment. */
export interface SourceReading {
  readonly current: number;
  /** The forecast at the horizon of the alert; absent without a forecast. */
  readonly forecast?: AlertForecast | undefined;
  /**
   * Seconds until the series is forecast to cross a threshold. 0: it has crossed it. `undefined`:
   * it will not cross it.
   */
  secondsUntil(threshold: Threshold): number | undefined;
}

/** The state that an alert is described from. */
export interface AlertFacts {
  readonly rule: ResolvedAlert;
  readonly standing: AlertStanding;
  /** Epoch milliseconds of the reading. */
  readonly at: number;
  /** Absent before the first value of the series. */
  readonly reading: SourceReading | undefined;
  readonly reason: Alert["reason"];
}

/** The alert as plain data, with its texts. */
export function alertOf(facts: AlertFacts, subject: { key: SeriesKey; unit: string }): Alert {
  const { rule, standing, reading, reason } = facts;
  const { condition, horizon } = rule;
  const { agent } = subject.key.labels;
  const forecast = reading?.forecast;
  const crossing = reading?.secondsUntil(condition.threshold);
  const wordless: Alert = {
    name: rule.name,
    state: standing.state,
    since: standing.since,
    ...(standing.firedAt === undefined ? {} : { firedAt: standing.firedAt }),
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
