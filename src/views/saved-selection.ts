import * as v from "valibot";
import { histogramWindowSchema, sumWindowSchema } from "../statistics/saved-window.ts";

const number = v.custom<number>((value) => typeof value === "number");

/** The windows of a selection, as plain data. Its levels are not saved: they are measured again. */
export const selectionSchema = v.object({
  /** The selection's id. */
  id: v.string(),
  /** How many slices the views had begun when it was saved. */
  begun: number,
  outputs: v.array(
    v.object({
      id: v.string(),
      counted: v.exactOptional(sumWindowSchema),
      today: v.exactOptional(v.object({ total: number, endsAt: number })),
      countedEver: number,
      last: v.exactOptional(number),
    }),
  ),
  count: v.exactOptional(sumWindowSchema),
  levels: v.exactOptional(sumWindowSchema),
  durations: v.exactOptional(histogramWindowSchema),
  countEver: number,
  sumEver: number,
  countedSince: v.exactOptional(number),
  hasCounted: v.boolean(),
});

export type SavedSelection = v.InferOutput<typeof selectionSchema>;
