import { DataPointType } from "@opentelemetry/sdk-metrics";
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
 * points are shown at each scrape.
 */
export function fitToPage(families: readonly LabelledFamily[], maxBytes: number): FittedFamily[] {
  const sizes = families.map(({ family, texts }) => sizeOf(family, texts));
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  if (whole <= maxBytes) return families.map((given) => ({ ...given, cut: 0 }));
  const share = Math.max(LEAST_SHARE_BYTES, evenShare(sizes, maxBytes));
  let rest = maxBytes;
  const fitted = new Map<LabelledFamily, FittedFamily>();
  for (const given of [...families].sort((one, other) => Number(isOther(one)) - Number(isOther(other)))) {
    const fits = cutTo(Math.min(share, rest), given);
    rest -= sizeOf(fits.family, fits.texts);
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

function cutTo(bytes: number, { family, texts }: LabelledFamily): FittedFamily {
  let used = headingBytes(family);
  let cut = 0;
  const nameBytes = bytesOf(family.name);
  const fitting = texts.map((text, index) => {
    if (text === undefined) return undefined;
    const size = pointBytes(family, index, nameBytes + Buffer.byteLength(text));
    if (cut === 0 && used + size <= bytes) {
      used += size;
      return text;
    }
    cut += 1;
    return undefined;
  });
  return { family, texts: fitting, cut };
}

/** A family of which no point is shown has no heading. */
function sizeOf(family: MetricFamily, texts: readonly (string | undefined)[]): number {
  const size = family.type === "histogram" ? histogramBytes(family, texts) : samplesBytes(family, texts);
  return size === 0 ? 0 : size + headingBytes(family);
}

function histogramBytes(family: MetricFamily, texts: readonly (string | undefined)[]): number {
  let size = 0;
  const nameBytes = bytesOf(family.name);
  for (const [index, text] of texts.entries())
    if (text !== undefined) size += pointBytes(family, index, nameBytes + Buffer.byteLength(text));
  return size;
}

/** Samples of one line each. */
function samplesBytes({ name }: MetricFamily, texts: readonly (string | undefined)[]): number {
  const { lines, bytes } = labelsOf(texts);
  return bytes + lines * (bytesOf(name) + BRACES_BYTES + VALUE_BYTES);
}

/** The size of labels. Most are the same array at each scrape: they are counted once. */
const labelSizes = new WeakMap<readonly (string | undefined)[], { lines: number; bytes: number }>();

function labelsOf(texts: readonly (string | undefined)[]): { lines: number; bytes: number } {
  let size = labelSizes.get(texts);
  if (size === undefined) {
    const shown = texts.filter((text) => text !== undefined);
    size = { lines: shown.length, bytes: shown.reduce((sum, text) => sum + Buffer.byteLength(text), 0) };
    labelSizes.set(texts, size);
  }
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
