import * as v from "valibot";

/** A number that may be infinite or `NaN`. */
const number = v.custom<number>((value) => typeof value === "number");
const numbers = v.custom<Float64Array>((value) => value instanceof Float64Array);

const excessSchema = v.object({ scored: number, usual: number, excess: number });

const reviewSchema = v.object({
  pending: numbers,
  /** What their numbers are counted from. Absent in what was saved before they had single precision. */
  from: v.exactOptional(v.object({ at: number, value: number })),
  newestAt: number,
  before: v.exactOptional(v.object({ at: number, value: number })),
  scored: number,
  error: number,
  naiveError: number,
  covered: number,
});

const stateSchema = v.picklist(["in-use", "dismissed", "on-probation"]);

/** The live trial of the forecasts of one horizon, as plain data. */
export const trialSchema = v.object({
  state: stateSchema,
  renewedAt: number,
  review: reviewSchema,
  excess: excessSchema,
});

/** What the newest values say about a model, as plain data. */
export const surprisesSchema = v.object({
  isDue: v.boolean(),
  refitsLeft: number,
  above: number,
  below: number,
  before: number,
  /** Absent in what was saved before changes had a habit. */
  brief: v.exactOptional(number),
  drifts: v.exactOptional(number),
  change: v.exactOptional(v.object({ age: number, hasAsked: v.boolean(), lower: number, upper: number })),
});

export type TrialState = v.InferOutput<typeof stateSchema>;
export type SavedTrial = v.InferOutput<typeof trialSchema>;
export type SavedReview = v.InferOutput<typeof reviewSchema>;
export type SavedExcess = v.InferOutput<typeof excessSchema>;
export type SavedSurprises = v.InferOutput<typeof surprisesSchema>;
