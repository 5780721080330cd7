import type { Sample } from "../core/sample.ts";

/**
 * How several samples become one value: `mean` for levels, ratios and rates, `max` for peaks,
 * `last` for states, `sum` for amounts.
 */
export type FoldKind = "mean" | "max" | "last" | "sum";

/** The result so far: `count` samples, the newest of them from `at`. */
export interface Folded {
  readonly value: number;
  readonly count: number;
  readonly at: number;
}

const LARGEST = Number.MAX_VALUE;

/** The result so far, as numbers, and one more sample. */
type Fold = (value: number, count: number, at: number, sample: Sample) => number;

/** What becomes of the result when a sample is added. It is finite when the samples are. */
export const FOLDS: Readonly<Record<FoldKind, Fold>> = {
  // Division before subtraction: the largest numbers do not overflow, and equal values give exactly
  // that value.
  mean: (value, count, _at, sample) => value + (sample.value / (count + 1) - value / (count + 1)),
  max: (value, _count, _at, sample) => Math.max(value, sample.value),
  last: (value, _count, at, sample) => (sample.at >= at ? sample.value : value),
  sum: (value, _count, _at, sample) => Math.min(LARGEST, Math.max(-LARGEST, value + sample.value)),
};

/** The names of all folds. */
export const FOLD_KINDS = Object.keys(FOLDS) as readonly FoldKind[];
