import { timeToThreshold } from "../advice/time-to-threshold.ts";
import type { SeriesKey } from "../core/series-key.ts";
import type { Alert } from "./alert.ts";
import { defaultTexts, textFor } from "./alert-text.ts";
import type { ResolvedAlert } from "./resolved.ts";
import type { AlertForecast } from "./state/alert-condition.ts";
import type { AlertStanding } from "./state/alert-state.ts";

/** What there is to say of an alert. */
export interface AlertFacts {
  readonly rule: ResolvedAlert;
  readonly standing: AlertStanding;
  readonly at: number;
  readonly current: number;
  readonly forecast: AlertForecast | undefined;
  readonly reason: Alert["reason"];
}

/** An alert as plain data, with its texts. */
export function alertOf(facts: AlertFacts, subject: { key: SeriesKey; unit: string }): Alert {
  const { rule, standing, forecast, reason, current } = facts;
  const { condition, horizon } = rule;
  const { agent } = subject.key.labels;
  const horizonSeconds = forecast?.secondsAhead ?? horizon.seconds;
  const crossing =
    forecast === undefined
      ? undefined
      : timeToThreshold({
          current,
          mean: [forecast.predicted],
          stepSeconds: horizonSeconds,
          threshold: condition.threshold,
        });
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
    horizonSeconds,
    at: facts.at,
    current,
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
