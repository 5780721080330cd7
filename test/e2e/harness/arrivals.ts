import type { StoredSeries } from "./prometheus.ts";
import type { Road, Roads } from "./roads.ts";
import { waitFor } from "./wait-for.ts";

/**
 * Waits until all these metrics have arrived by the way in the last seconds. Fails with the missing
 * ones.
 */
export async function arrival(opened: Roads, road: Road, names: readonly string[]): Promise<StoredSeries[]> {
  return waitFor(
    `${names.length} metrics that are ${road}`,
    async () => {
      const series = await opened.arrivals(road, names, "10s");
      const there = new Set(series.map(({ labels }) => labels.__name__));
      const missing = names.filter((name) => !there.has(name));
      if (missing.length > 0) throw new Error(`missing: ${missing.join(", ")}`);
      return series;
    },
    { everyMillis: 1000 },
  );
}
