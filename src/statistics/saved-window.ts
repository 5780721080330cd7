import * as v from "valibot";

/** A number that may be infinite or `NaN`. */
const number = v.custom<number>((value) => typeof value === "number");
const numbers = v.custom<Float64Array>((value) => value instanceof Float64Array);

/** Filled buckets. Only neighbours are merged: buckets in another order would never fit the limit. */
const sparseSchema = v.pipe(
  v.object({ indexes: numbers, counts: numbers }),
  v.check(
    ({ indexes, counts }) =>
      indexes.length === counts.length &&
      indexes.every((index, at) => Number.isInteger(index) && !(index < (indexes[at - 1] as number))),
  ),
);

/** The buckets of a histogram, as plain data. Without a bucket, its scale is infinite. */
const bucketsSchema = v.variant("kind", [
  v.object({ kind: v.literal("explicit"), boundaries: numbers, counts: numbers }),
  v.pipe(
    v.object({
      kind: v.literal("exponential"),
      scale: number,
      zeroCount: number,
      positive: sparseSchema,
      negative: sparseSchema,
    }),
    v.check(
      ({ scale, positive, negative }) =>
        Number.isInteger(scale) || (positive.indexes.length === 0 && negative.indexes.length === 0),
    ),
  ),
]);

const extent = { min: v.exactOptional(number), max: v.exactOptional(number) };
const sliceSchema = v.object({ age: number, count: number, sum: number, buckets: bucketsSchema, ...extent });
const pastSchema = v.object({
  buckets: v.exactOptional(bucketsSchema),
  count: number,
  slices: number,
  ...extent,
});

/** A window of sums: the slices from the open one on; `NaN` is an empty slice. */
export const sumWindowSchema = numbers;

/** A window of histograms: the slices that are not empty, and the long run if it was asked for. */
export const histogramWindowSchema = v.object({
  slices: v.array(sliceSchema),
  past: v.exactOptional(pastSchema),
});

export type SavedBuckets = v.InferOutput<typeof bucketsSchema>;
export type SavedPast = v.InferOutput<typeof pastSchema>;
export type SavedHistogramWindow = v.InferOutput<typeof histogramWindowSchema>;
