import type { MeasuredMetric } from "../core/measured-metric.ts";
import type { Labels } from "../core/series-key.ts";
import type { Threshold } from "../core/threshold.ts";
import { isPublishedByViews } from "../otel/cumulative-series.ts";
import { prometheusName } from "../prometheus/metric-name.ts";
import type { ForecastView, MeasuredNumber, ViewOutput } from "./forecast-view.ts";
import { compileFilter } from "./pattern.ts";

/** An output of a view for one instrument: its names, and the points that it counts. */
export interface ResolvedOutput {
  /** Index of the view. If two views give the same series, the lower rank wins. */
  readonly rank: number;
  readonly view: ForecastView;
  readonly spec: ViewOutput;
  /** The Prometheus name of the instrument. */
  readonly instrument: string;
  /** OpenTelemetry name of the series. */
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Prometheus name, the `metric` label of its forecasts. */
  readonly metric: string;
  /**
   * Whether we publish the measured series: if the view specifies it, and always for a level of our
   * own instruments.
   */
  readonly isPublished: boolean;
  counts(labels: Labels, source?: Labels): boolean;
}

/** Resolves an output for an instrument: replaces `{instrument}` and `{base}` in its name. */
export function resolveOutput(
  view: ForecastView,
  rank: number,
  spec: ViewOutput,
  metric: MeasuredMetric,
): ResolvedOutput {
  const type = metric.kind === "increment" ? "counter" : metric.kind === "histogram" ? "histogram" : "gauge";
  const instrument = prometheusName({ name: metric.name, unit: metric.unit, type });
  const base = instrument.replace(/_total$/, "");
  const name = spec.name.replaceAll("{instrument}", metric.name).replaceAll("{base}", base);
  const unit = spec.unit ?? metric.unit;
  const filters = (spec.of ?? []).map(compileFilter);
  return {
    rank,
    view,
    spec,
    instrument,
    name,
    unit,
    description: spec.description ?? metric.description,
    metric: prometheusName({ name, unit, type: spec.isCounter === true ? "counter" : "gauge" }),
    isPublished: spec.isPublished || isPublishedByViews(metric),
    counts: filters.length === 0 ? () => true : (...point) => filters.some((matches) => matches(...point)),
  };
}

/**
 * The threshold of an output: of its view, else of the process, by the Prometheus name or by the
 * OpenTelemetry name.
 */
export function thresholdOf(
  { spec, metric, name }: ResolvedOutput,
  thresholds: ReadonlyMap<string, Threshold>,
): Threshold | undefined {
  return spec.threshold ?? thresholds.get(metric) ?? thresholds.get(name);
}

/** The percentile that an output is, 0 to 1: the median if it names none. */
export function quantileOf({ quantile }: ViewOutput): number {
  return quantile ?? 0.5;
}

/** Whether a number can be made of an instrument of this kind. */
export function canGive(kind: MeasuredMetric["kind"], number: MeasuredNumber): boolean {
  if (number === "mean") return kind !== "increment";
  if (number === "level") return kind === "level";
  if (number === "quantile") return kind === "histogram";
  return kind !== "level";
}
