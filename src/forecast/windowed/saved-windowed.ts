import * as v from "valibot";

/** A number that may be infinite or `NaN`. */
const number = v.custom<number>((value) => typeof value === "number");
const numbers = v.custom<Float64Array>((value) => value instanceof Float64Array);

const sumsSchema = v.object({ squares: number, seconds: number });
const scatterSchema = v.object({
  steps: sumsSchema,
  blocks: sumsSchema,
  block: v.object({ rest: number, seconds: number }),
});
const recentSchema = v.object({ parts: numbers, wholes: numbers, seconds: numbers });

const fractionSchema = v.object({
  recent: recentSchema,
  scatter: scatterSchema,
  counted: v.exactOptional(v.object({ part: number, whole: number })),
});

const trialSchema = v.object({
  seconds: number,
  assumed: numbers,
  errors: numbers,
  /** The rows that wait, oldest first. */
  pending: numbers,
  newestAt: number,
  scores: numbers,
  error: number,
  horizons: number,
});

/** What was learnt of the window of a series, as plain data. */
export const windowedSchema = v.object({
  kind: v.picklist(["rate", "ratio", "quantile"]),
  fullSeconds: number,
  latest: v.exactOptional(v.object({ at: number, value: number })),
  trials: v.array(trialSchema),
  fraction: v.exactOptional(fractionSchema),
});

export type SavedWindowed = v.InferOutput<typeof windowedSchema>;
export type SavedFraction = v.InferOutput<typeof fractionSchema>;
export type SavedRecent = v.InferOutput<typeof recentSchema>;
export type SavedScatter = v.InferOutput<typeof scatterSchema>;
export type SavedCandidateTrial = v.InferOutput<typeof trialSchema>;
