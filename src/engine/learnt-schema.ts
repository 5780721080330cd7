import * as v from "valibot";
import { isTime } from "../core/is-time.ts";
import { windowedSchema } from "../forecast/windowed/saved-windowed.ts";
import { surprisesSchema, trialSchema } from "./review/saved-review.ts";

/** No series keeps more values. */
const MOST_VALUES = 1_000_000;

const number = v.pipe(v.number(), v.finite());
const slot = v.pipe(v.number(), v.safeInteger());
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_VALUES));
const time = v.custom<number>(isTime);
const numbers = v.custom<Float64Array>((value) => value instanceof Float64Array);

/** How many values a model had taken since its fit, and how many its series had. */
const followedSchema = v.object({ taken: count, length: count });

/**
 * A model as what it was made of: it is fitted again to the same values, and takes the same values
 * since. So it is the same model, by whatever method it forecasts.
 */
const modelSchema = v.pipe(
  v.object({
    tier: number,
    stepSeconds: number,
    fittedAt: number,
    spanSeconds: number,
    /** The known points at the fit. */
    known: number,
    /** The number of values that the model was fitted to, and the cursor after the last of them. */
    length: count,
    end: slot,
    /** The oldest of these values, which the series drops first. */
    oldest: numbers,
    /** The last of them: its slot may have been open. */
    last: v.custom<number>((value) => typeof value === "number"),
    /** The values that the model took since, and the cursor after them. */
    taken: numbers,
    cursor: slot,
    /** When the model followed its seasons for the last time. Absent in files of older versions: never. */
    followedAt: v.exactOptional(number),
    /** Each time that it did so. */
    followed: v.exactOptional(v.array(followedSchema)),
  }),
  v.check(({ followed = [], taken }) => followed.every((one) => one.taken <= taken.length)),
);

const modelsSchema = v.object({
  models: v.array(modelSchema),
  surprises: v.array(v.object({ tier: number, state: surprisesSchema })),
});

/** What is learnt of a series beside its history, as plain data. */
const learntSchema = v.object({
  /** How the models are made. Models that would be made in another way now are not restored. */
  plan: v.string(),
  chosen: modelsSchema,
  standIns: v.exactOptional(modelsSchema),
  trials: v.array(v.object({ seconds: number, trial: trialSchema })),
  /** The time in which the series had one value, if it never had another. Then it has no trials. */
  still: v.exactOptional(v.object({ since: time, until: time, value: number })),
  windowed: v.exactOptional(windowedSchema),
  /** The bounds of values that can wait. Absent while each value counts. */
  unsurprising: v.exactOptional(v.object({ lower: number, upper: number })),
});

export type SavedFollowed = v.InferOutput<typeof followedSchema>;
export type SavedModel = v.InferOutput<typeof modelSchema>;
export type SavedModels = v.InferOutput<typeof modelsSchema>;
export type SavedLearnt = v.InferOutput<typeof learntSchema>;

/** What was learnt, if the value is that; otherwise the series is learnt from its history again. */
export function readLearnt(value: unknown): SavedLearnt | undefined {
  return v.is(learntSchema, value) ? value : undefined;
}
