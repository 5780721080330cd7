import { inUnitsOf, inWords } from "../advice/human-units.ts";
import { familyOf } from "../advice/metric-advice.ts";
import type { ForecastList, SeriesStatus } from "./answers.ts";

/**
 * One sentence on what will be in trouble first, and when.
 *
 * @param forecasts the most urgent first.
 */
export function headlineOf(forecasts: readonly SeriesStatus[]): string {
  const current = forecasts.filter(({ state }) => state === "ready");
  const first = firstInTrouble(forecasts);
  if (first?.secondsToThreshold !== undefined) return inTrouble(first, first.secondsToThreshold);
  if (current.length === 0) return "There are no forecasts yet.";
  const farthest = Math.max(...current.map(secondsAheadOf));
  const limited = current.some(({ threshold }) => threshold !== undefined);
  return limited
    ? `No series is forecast to pass its threshold within ${inWords(farthest)}.`
    : `Forecasts reach ${inWords(farthest)} ahead. No series has a threshold.`;
}

/**
 * The series that is beyond its threshold, or else that which will be first; `undefined`: none.
 *
 * @param forecasts the most urgent first.
 */
export function firstInTrouble(forecasts: readonly SeriesStatus[]): SeriesStatus | undefined {
  return forecasts.find(
    ({ state, secondsToThreshold }) => state === "ready" && secondsToThreshold !== undefined,
  );
}

function inTrouble(series: SeriesStatus, seconds: number): string {
  const [subject, limit] = [inSentence(series), beyond(series)];
  return seconds === 0
    ? `${subject} is ${limit} now.`
    : `${subject} will be ${limit} in about ${inWords(seconds)}.`;
}

/** `above its threshold of 90%`. */
function beyond({ metric, unit, threshold }: SeriesStatus): string {
  if (threshold === undefined) return "beyond its threshold";
  const { value, direction } = threshold;
  return `${direction} its threshold of ${inUnitsOf({ metricName: metric, unit }, value)}`;
}

/**
 * The series in words: `The memory use of agent planner (host a)`. A metric that has no words is written
 * as in Prometheus.
 */
function inSentence(series: SeriesStatus): string {
  const { agent, ...others } = series.labels;
  const { noun } = familyOf(series.metric);
  if (noun === series.metric) return subjectOf(series);
  const which = Object.entries(others).map(([name, value]) => `${name} ${value}`);
  const owner = agent === undefined ? "" : ` of agent ${agent}`;
  return `The ${noun}${owner}${which.length === 0 ? "" : ` (${which.join(", ")})`}`;
}

/** The metric with its labels, as in Prometheus. */
export function subjectOf({ metric, labels }: Pick<SeriesStatus, "metric" | "labels">): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? metric : `${metric}{${pairs.join(",")}}`;
}

/** The same, with the process that it is of, unless it is the one that was asked. */
export function subjectIn(series: Pick<SeriesStatus, "metric" | "labels" | "process">): string {
  return inProcess(subjectOf(series), series.process);
}

/** A text with the process that it is about, such as `... (worker 2)`. */
export function inProcess(text: string, process: string | undefined): string {
  return process === undefined ? text : `${text} (${process})`;
}

/** That processes did not answer, if so, as a sentence. */
export function silentText(processes: ForecastList["processes"]): string[] {
  const { others = 0, silent = 0 } = processes ?? {};
  return silent === 0
    ? []
    : [`${silent} of ${others} other processes did not answer: their series are missing.`];
}

function secondsAheadOf({ at = 0, horizons }: SeriesStatus): number {
  return ((horizons.at(-1)?.at ?? at) - at) / 1000;
}
