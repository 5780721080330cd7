import type { Method } from "../method.ts";
import { randomWalkIntervals } from "../random-walk-intervals.ts";

/**
 * No change: the last value, with the intervals of a random walk. All other methods are compared
 * with it. https://otexts.com/fpp3/simple-methods.html
 */
export const naive: Method = {
  name: "naive",
  fit(history) {
    let last = 0;
    const update = (value: number): void => {
      if (!Number.isNaN(value)) last = value;
    };
    for (const value of history.values) update(value);
    return { update, at: () => last, isConstant: true };
  },
  intervals: randomWalkIntervals,
};
