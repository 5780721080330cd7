import { DataPointType } from "@opentelemetry/sdk-metrics";
import { type Exemplar, exemplarOf } from "../core/exemplar.ts";
import {
  type ClassicBuckets,
  type ClassicHistogram,
  classicHistogram,
  fromExplicit,
  fromExponential,
} from "./classic-buckets.ts";
import { type FamilyPart, isOwnScope } from "./metric-families.ts";
import { type SampleHead, sampleHead } from "./names/name-text.ts";
import type { PacedText } from "./paced-text.ts";

/** The name and the labels for the points of one part of a family. */
export interface PointTarget {
  readonly name: string;
  /** The label text of each point of the family; a point without a text is not written. */
  readonly labels: readonly (string | undefined)[];
  /** The index in `labels` where the part begins. */
  readonly offset: number;
  readonly text: PacedText;
  readonly rules: SampleRules;
}

/** What a format asks of samples. */
export interface SampleRules {
  /** The text of the upper bound of a bucket. */
  readonly boundText: (bound: number) => string;
  /** Whether a counter may have this value. Default: it may have any. */
  readonly isCount?: (value: number) => boolean;
  /** Whether a histogram may show this sum. Default: it may show any. */
  readonly isSum?: (sum: number, buckets: ClassicBuckets) => boolean;
  /** What is written behind a counter and a bucket that have an exemplar. Default: nothing. */
  readonly exemplarText?: (exemplar: Exemplar) => string;
  /** Whether a histogram without a sum shows its count. */
  readonly countsWithoutSum: boolean;
}

/** Writes the samples of point `i`. Returns `false` if its value cannot be shown. */
type PointWriter = (i: number, label: string) => boolean;

/**
 * Writes the samples of one metric. Returns the number of points whose value cannot be shown:
 * - a value that is not a number, or not a histogram although the metric is one
 * - of our own gauges, a value that is not finite: a forecast of NaN is useless
 * - a value that the format does not allow
 */
export async function writePoints(part: FamilyPart, target: PointTarget): Promise<number> {
  const { labels, offset, text } = target;
  const write = pointWriter(part, target);
  let invalid = 0;
  for (let i = 0; i < part.metric.dataPoints.length; i += 1) {
    const label = labels[offset + i];
    if (label === undefined) continue;
    if (!write(i, label)) invalid += 1;
    if (text.isRestDue()) await text.rest();
  }
  return invalid;
}

function pointWriter({ metric, scope }: FamilyPart, { name, text, rules }: PointTarget): PointWriter {
  const add = (samples: string | undefined): boolean => {
    if (samples !== undefined) text.add(samples);
    return samples !== undefined;
  };
  const written = (i: number, label: string, buckets: ClassicHistogram | undefined): string | undefined =>
    buckets === undefined ? undefined : histogramText(name, label, buckets, rules, markOf(i));
  const behind = (point: object | undefined): string => {
    const exemplar = exemplarOf(point);
    return exemplar === undefined ? "" : (rules.exemplarText?.(exemplar) ?? "");
  };
  const markOf = (i: number): BucketMark | undefined => {
    if (rules.exemplarText === undefined) return undefined;
    const exemplar = exemplarOf(metric.dataPoints.at(i)?.value as object | undefined);
    return exemplar && { value: exemplar.value, text: rules.exemplarText(exemplar) };
  };
  switch (metric.dataPointType) {
    case DataPointType.HISTOGRAM:
      return (i, label) =>
        add(written(i, label, classicHistogram(metric.dataPoints.at(i)?.value, fromExplicit)));
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return (i, label) =>
        add(written(i, label, classicHistogram(metric.dataPoints.at(i)?.value, fromExponential)));
    default: {
      const head = sampleHead(name);
      const isShown = isOwnScope(scope) ? Number.isFinite : isNumber;
      const isCounter = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
      return (i, label) => {
        const value = metric.dataPoints.at(i)?.value;
        if (!isShown(value) || (isCounter && rules.isCount?.(value as number) === false)) return false;
        addSample(text, head, label, value as number);
        if (isCounter) text.add(behind(metric.dataPoints.at(i)));
        text.add("\n");
        return true;
      };
    }
  }
}

/** A sample up to the end of its line. Part by part: a page of many samples would need memory for the text of each. */
function addSample(text: PacedText, { bare, open }: SampleHead, label: string, value: number): void {
  if (label === "") text.add(bare);
  else {
    text.add(open);
    text.add(label);
    text.add("}");
  }
  text.add(" ");
  text.add(numberText(value));
}

/** What is written behind the bucket that holds a value. */
interface BucketMark {
  readonly value: number;
  readonly text: string;
}

/** The index of the bucket that holds a value: that after the last bound is for what is above all. */
function bucketOf(value: number, bounds: ClassicBuckets["bounds"]): number {
  const found = bounds.findIndex((bound) => value <= bound);
  return found === -1 ? bounds.length : found;
}

/** The samples of a histogram: buckets, sum, count. */
function histogramText(
  name: string,
  label: string,
  { buckets, sum }: ClassicHistogram,
  { boundText, isSum, countsWithoutSum }: SampleRules,
  mark?: BucketMark,
): string {
  const start = `${sampleHead(`${name}_bucket`).open}${label === "" ? "" : `${label},`}`;
  const headOf = (suffix: string): string => {
    const { bare, open } = sampleHead(name + suffix);
    return label === "" ? bare : `${open}${label}}`;
  };
  let samples = "";
  const marked = mark === undefined ? -1 : bucketOf(mark.value, buckets.bounds);
  buckets.bounds.forEach((bound, b) => {
    const behind = b === marked ? mark?.text : "";
    samples += `${start}le="${boundText(bound)}"} ${buckets.cumulative[b]}${behind}\n`;
  });
  const behindLast = marked === buckets.bounds.length ? mark?.text : "";
  samples += `${start}le="+Inf"} ${buckets.total}${behindLast}\n`;
  const hasSum = sum !== undefined && isSum?.(sum, buckets) !== false;
  if (hasSum) samples += `${headOf("_sum")} ${numberText(sum)}\n`;
  if (hasSum || countsWithoutSum) samples += `${headOf("_count")} ${buckets.total}\n`;
  return samples;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

/** A number in the form that Prometheus reads. */
function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
