import {
  askedAsQuantile,
  askedAsRate,
  askedByName,
  type PastQuestion,
} from "../../backfill/past-question.ts";
import { prometheusName } from "../../prometheus/metric-name.ts";
import type { ResolvedOutput } from "../../views/resolved-output.ts";

/** The names that views give to their numbers, unless a view has one of its own. */
const RATE = "{base}_per_second";
const QUANTILE = /^\{instrument\}(\.p[\d.]+)$/;
/** A rate ends in this. */
const PER_SECOND = /_per_second$/;

/**
 * How the past of a series is asked for that is made of points which others send to us and to a
 * Prometheus: a level by its own name, a rate by its counter, a percentile by its histogram.
 *
 * @param windowMillis that rates and percentiles look back.
 * @returns `undefined` if a Prometheus can't be asked: the view uses only some of the points, or
 * gives the number a name that does not tell the instrument.
 */
export function questionOf(
  { spec, view, metric, name, unit }: ResolvedOutput,
  windowMillis: number,
): PastQuestion | undefined {
  if (view.where !== undefined || spec.of !== undefined) return undefined;
  const by = view.by === "all" ? undefined : view.by;
  if (spec.number === "level" && spec.name === "{instrument}") return askedByName(metric, by);
  if (spec.number === "rate" && spec.name === RATE && PER_SECOND.test(metric)) {
    const counter = metric.replace(PER_SECOND, "_total");
    return askedAsRate({ metric, counter, windowMillis, by });
  }
  const suffix = QUANTILE.exec(spec.name)?.[1];
  if (spec.number !== "quantile" || suffix === undefined || spec.quantile === undefined) return undefined;
  const instrument = name.slice(0, -suffix.length);
  const histogram = prometheusName({ name: instrument, unit, type: "histogram" });
  return askedAsQuantile({ metric, histogram, quantile: spec.quantile, windowMillis, by });
}
