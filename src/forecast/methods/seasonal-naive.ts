import type { Method } from "../method.ts";
import { mainPeriod } from "../seasons/find-seasons.ts";
import { naive } from "./naive.ts";

/**
 * Seasonal naive: what was seen one period before, at each step of the period. A gap leaves what was seen a period earlier. Without a season,
 * or a whole period of it, it is naive. https://otexts.com/fpp3/simple-methods.html
 */
export const seasonalNaive: Method = {
  name: "seasonal-naive",
  fit(history, parameters) {
    const period = mainPeriod(history);
    if (period === undefined) return naive.fit(history, parameters);
    const cycle = new Float64Array(period).fill(Number.NaN);
    let next = 0;
    const update = (value: number): void => {
      if (!Number.isNaN(value)) cycle[next] = value;
      next = (next + 1) % period;
    };
    const last = naive.fit({ ...history, values: [] }, parameters);
    for (const value of history.values) {
      update(value);
      last.update(value);
    }
    return {
      update(value) {
        update(value);
        last.update(value);
      },
      at(steps) {
        const seen = cycle[(next + steps - 1) % period] as number;
        return Number.isNaN(seen) ? last.at(steps) : seen;
      },
    };
  },
};
