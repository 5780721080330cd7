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

type Fold = (folded: Folded, sample: Sample) => number;

const FOLDS: Readonly<Record<FoldKind, Fold>> = {
  // Division before subtraction: the largest numbers do not overflow, and equal values give exactly
  // that value.
  mean: ({ value, count }, sample) => value + (sample.value / (count + 1) - value / (count + 1)),
  max: ({ value }, sample) => Math.max(value, sample.value),
  last: ({ value, at }, sample) => (sample.at >= at ? sample.value : value),
  sum: ({ value }, sample) => Math.min(LARGEST, Math.max(-LARGEST, value + sample.value)),
};

/** The names of all folds. */
export const FOLD_KINDS = Object.keys(FOLDS) as readonly FoldKind[];

/** The fold of one sample. */
export function foldOf(sample: Sample): Folded {
  return { value: sample.value, count: 1, at: sample.at };
}

/** Adds a sample. The result is finite when the samples are. */
export function foldIn(kind: FoldKind, folded: Folded, sample: Sample): Folded {
  return {
    value: FOLDS[kind](folded, sample),
    count: folded.count + 1,
    at: Math.max(folded.at, sample.at),
  };
}
