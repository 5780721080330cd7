import { quantileSorted } from "simple-statistics";
import type { Backtest } from "./backtest.ts";

/** How far the bounds of the 80 % and 95 % interval lie from the mean at some steps ahead; lower ones are not positive. */
export interface IntervalOffsets {
  readonly horizons: readonly number[];
  readonly lower95: readonly number[];
  readonly lower80: readonly number[];
  readonly upper80: readonly number[];
  readonly upper95: readonly number[];
}

/**
 * Conformal intervals: at each horizon the quantiles of the method's own out-of-sample errors, widened for being few, and never
 * narrower than nearer ones. https://en.wikipedia.org/wiki/Conformal_prediction
 */
export function intervalOffsets(backtest: Backtest): IntervalOffsets {
  const rows = backtest.errors.map((errors) => offsetsOf([...errors].sort((a, b) => a - b)));
  const widening = (key: keyof Offsets): number[] => {
    let widest = 0;
    return rows.map((row) => {
      if (Math.abs(row[key]) > Math.abs(widest)) widest = row[key];
      return widest;
    });
  };
  return {
    horizons: backtest.horizons,
    lower95: widening("lower95"),
    lower80: widening("lower80"),
    upper80: widening("upper80"),
    upper95: widening("upper95"),
  };
}

type Offsets = { lower95: number; lower80: number; upper80: number; upper95: number };

function offsetsOf(sorted: readonly number[]): Offsets {
  if (sorted.length === 0) return { lower95: 0, lower80: 0, upper80: 0, upper95: 0 };
  const widened = 1 + 2 / sorted.length;
  const at = (share: number): number => widened * quantileSorted(sorted as number[], share);
  return {
    lower95: Math.min(0, at(0.025)),
    lower80: Math.min(0, at(0.1)),
    upper80: Math.max(0, at(0.9)),
    upper95: Math.max(0, at(0.975)),
  };
}

/** One kind of offset at any number of steps: straight between the horizons, growing with the root of time beyond. */
export function offsetAt(horizons: readonly number[], offsets: readonly number[], steps: number): number {
  const above = horizons.findIndex((horizon) => horizon >= steps);
  if (above === 0) return offsets[0] as number;
  if (above === -1) {
    const last = horizons.at(-1) as number;
    return (offsets.at(-1) as number) * Math.sqrt(steps / last);
  }
  const left = horizons[above - 1] as number;
  const right = horizons[above] as number;
  const share = (steps - left) / (right - left);
  return (offsets[above - 1] as number) * (1 - share) + (offsets[above] as number) * share;
}
