import * as v from "valibot";
import { isInExponentialRange } from "../../core/exponential-range.ts";
import { mapping } from "../../core/mapping.ts";

/** Any number, also one that is not finite. */
const anyNumber = v.custom<number>((value) => typeof value === "number");
/** What was counted over a longer time than a window. */
const late = v.exactOptional(v.object({ count: anyNumber, since: anyNumber }));
const labels = mapping(v.string(), v.string());

/** What all streams save. */
export const streamState = v.object({
  /** The time of the last point, as its sender has told it. */
  lastAt: anyNumber,
  heardAt: anyNumber,
});

/** What a gauge saves. */
export const levelState = v.object({ value: anyNumber });

/** What a counter saves. */
export const countingState = v.object({
  /** What the next collection reports. */
  pending: anyNumber,
  pendingBefore: v.exactOptional(anyNumber),
  pendingLate: late,
});

/** What a stream of totals saves. */
export const totalState = v.object({ total: v.exactOptional(anyNumber), startAt: anyNumber });

/** A bucket that would be counted below 0 would be made where the other histogram has none. */
const counts = v.array(v.custom<number>((count) => typeof count === "number" && count >= 0));
const summary = {
  count: anyNumber,
  sum: anyNumber,
  min: v.exactOptional(anyNumber),
  max: v.exactOptional(anyNumber),
};
const buckets = v.object({ offset: anyNumber, bucketCounts: counts });
const histogram = v.variant("kind", [
  v.object({ kind: v.literal("explicit"), ...summary, boundaries: v.array(anyNumber), counts }),
  v.pipe(
    v.object({
      kind: v.literal("exponential"),
      ...summary,
      scale: anyNumber,
      zeroCount: anyNumber,
      positive: buckets,
      negative: buckets,
    }),
    v.check((given) => isInExponentialRange(given)),
  ),
]);

/** What a histogram saves. */
export const recordingState = v.object({ pending: v.array(histogram), pendingLate: late });

/** What a histogram of totals saves. */
export const lastHistogramState = v.object({ last: v.exactOptional(histogram), startAt: anyNumber });

/** What is saved of a stream: which one it is, and where it is. */
export const savedStream = v.object({
  tenant: v.exactOptional(v.string()),
  header: v.object({
    scope: v.string(),
    name: v.string(),
    unit: v.string(),
    description: v.string(),
    kind: v.picklist(["gauge", "counter", "up-down-counter", "histogram"]),
    temporality: v.picklist(["delta", "cumulative"]),
  }),
  id: v.string(),
  labels,
  source: labels,
  state: v.unknown(),
});

export type SavedStream = v.InferOutput<typeof savedStream>;

/** Where a stream is, as plain data. */
export type StreamState = v.InferOutput<typeof streamState> & Readonly<Record<string, unknown>>;
