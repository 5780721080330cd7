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

/** The fold of the samples of one slot, which are added in place. */
export class OpenFold implements Folded {
  readonly #kind: FoldKind;
  value = 0;
  /** 0 before the first sample. */
  count = 0;
  at = 0;

  constructor(kind: FoldKind) {
    this.#kind = kind;
  }

  /** Forgets all samples, and takes the first. */
  begin({ value, at }: Sample): void {
    this.value = value;
    this.count = 1;
    this.at = at;
  }

  /** Adds a sample. The result is finite when the samples are. */
  add(sample: Sample): void {
    this.value = FOLDS[this.#kind](this, sample);
    this.count += 1;
    this.at = Math.max(this.at, sample.at);
  }

  restore({ value, count, at }: Folded): void {
    this.value = value;
    this.count = count;
    this.at = at;
  }

  saved(): Folded | undefined {
    const { value, count, at } = this;
    return count === 0 ? undefined : { value, count, at };
  }
}
