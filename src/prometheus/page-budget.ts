import { DataPointType } from "@opentelemetry/sdk-metrics";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import { type FamilyPart, isOwnScope, type MetricFamily } from "./metric-families.ts";
import { metricNameText } from "./names/name-text.ts";

/** The maximum size of a page, in bytes. */
export const MAX_PAGE_BYTES = 10_000_000;

/** The longest number, its space and its line feed. */
const VALUE_BYTES = 26;
/** Braces, and of a histogram the suffix and the label `le`. */
const BRACES_BYTES = 2;
const BUCKET_BYTES = 45;
/** The most lines of an exponential histogram: the buckets on both sides, zero, infinity, sum, count. */
const EXPONENTIAL_LINES = 325;
const OTHER_LINES = 4;
/** Each family may have as much in any case, as long as the page has room. */
const LEAST_SHARE_BYTES = 2000;

/** A family with the labels of its points. `undefined`: the point is not shown. */
export interface LabelledFamily {
  readonly family: MetricFamily;
  readonly texts: readonly (string | undefined)[];
}

/** A family as far as the page has room for it. */
export interface FittedFamily extends LabelledFamily {
  /** The number of points that found no room. */
  readonly cut: number;
}

/**
 * Limits a page. Families that are small are shown whole; those that are large share what is left
 * evenly, and lose their last points. Sizes are counted with the longest numbers, so that the same
 * points are shown at each scrape. May pause at each `yield`.
 */
export function* fitToPage(families: readonly LabelledFamily[], maxBytes: number): Steps<FittedFamily[]> {
  const pace = new Pace();
  const sizes: number[] = [];
  for (const { family, texts } of families) sizes.push(yield* sizeOf(family, texts, pace));
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  if (whole <= maxBytes) return families.map((given) => ({ ...given, cut: 0 }));
  const share = Math.max(LEAST_SHARE_BYTES, evenShare(sizes, maxBytes));
  let rest = maxBytes;
  const fitted = new Map<LabelledFamily, FittedFamily>();
  for (const given of [...families].sort((one, other) => Number(isOther(one)) - Number(isOther(other)))) {
    const fits = yield* cutTo(Math.min(share, rest), given, pace);
    rest -= yield* sizeOf(fits.family, fits.texts, pace);
    fitted.set(given, fits);
  }
  return families.map((given) => fitted.get(given) as FittedFamily);
}

/** The size up to which all may grow so that their sum stays within the limit. */
function evenShare(sizes: readonly number[], maxBytes: number): number {
  const ascending = [...sizes].sort((one, other) => one - other);
  let rest = maxBytes;
  for (const [index, size] of ascending.entries()) {
    const share = rest / (ascending.length - index);
    if (size > share) return share;
    rest -= size;
  }
  return maxBytes;
}

function* cutTo(bytes: number, { family, texts }: LabelledFamily, pace: Pace): Steps<FittedFamily> {
  let used = headingBytes(family);
  let cut = 0;
  const nameBytes = bytesOf(family.name);
  const fitting: (string | undefined)[] = [];
  for (const [index, text] of texts.entries()) {
    if (pace.isDue()) yield;
    const size = text === undefined ? 0 : pointBytes(family, index, nameBytes + Buffer.byteLength(text));
    const fits = cut === 0 && used + size <= bytes;
    if (fits) used += size;
    else if (text !== undefined) cut += 1;
    fitting.push(fits ? text : undefined);
  }
  return { family, texts: fitting, cut };
}

/** A family of which no point is shown has no heading. */
function* sizeOf(family: MetricFamily, texts: LabelledFamily["texts"], pace: Pace): Steps<number> {
  const isHistogram = family.type === "histogram";
  const size = yield* isHistogram ? histogramBytes(family, texts, pace) : samplesBytes(family, texts, pace);
  return size === 0 ? 0 : size + headingBytes(family);
}

function* histogramBytes(family: MetricFamily, texts: LabelledFamily["texts"], pace: Pace): Steps<number> {
  let size = 0;
  const nameBytes = bytesOf(family.name);
  for (const [index, text] of texts.entries()) {
    if (pace.isDue()) yield;
    if (text !== undefined) size += pointBytes(family, index, nameBytes + Buffer.byteLength(text));
  }
  return size;
}

/** Samples of one line each. */
function* samplesBytes({ name }: MetricFamily, texts: LabelledFamily["texts"], pace: Pace): Steps<number> {
  const { lines, bytes } = yield* labelsOf(texts, pace);
  return bytes + lines * (bytesOf(name) + BRACES_BYTES + VALUE_BYTES);
}

/** The size of labels. Most are the same array at each scrape: they are counted once. */
const labelSizes = new WeakMap<LabelledFamily["texts"], { lines: number; bytes: number }>();

function* labelsOf(texts: LabelledFamily["texts"], pace: Pace): Steps<{ lines: number; bytes: number }> {
  const known = labelSizes.get(texts);
  if (known !== undefined) return known;
  const size = { lines: 0, bytes: 0 };
  for (const text of texts) {
    if (pace.isDue()) yield;
    if (text === undefined) continue;
    size.lines += 1;
    size.bytes += Buffer.byteLength(text);
  }
  labelSizes.set(texts, size);
  return size;
}

function headingBytes({ name, parts }: MetricFamily): number {
  const help = parts.reduce((most, { metric }) => Math.max(most, metric.descriptor.description.length), 20);
  return 2 * bytesOf(name) + 3 * help + 40;
}

/** The bytes of a name as it is written. */
function bytesOf(name: string): number {
  return Buffer.byteLength(metricNameText(name));
}

/** @param ownBytes of the name and of the labels. */
function pointBytes(family: MetricFamily, index: number, ownBytes: number): number {
  const line = ownBytes + BRACES_BYTES + VALUE_BYTES;
  if (family.type !== "histogram") return line;
  return linesOf(family.parts, index) * (line + BUCKET_BYTES);
}

function linesOf(parts: readonly FamilyPart[], index: number): number {
  let at = index;
  for (const { metric } of parts) {
    if (at >= metric.dataPoints.length) {
      at -= metric.dataPoints.length;
      continue;
    }
    if (metric.dataPointType !== DataPointType.HISTOGRAM) return EXPONENTIAL_LINES;
    return (metric.dataPoints.at(at)?.value?.buckets?.boundaries?.length ?? 0) + OTHER_LINES;
  }
  return 0;
}

function isOther({ family }: LabelledFamily): boolean {
  return !family.parts.some(({ scope }) => isOwnScope(scope));
}
