import { contest } from "../harness/contest.mjs";
import { printTable } from "../harness/table.mjs";

/** The memory of a series, with everything that belongs to it. */
export async function memory({ isQuick }) {
  const agents = isQuick ? 70 : 333;
  const measured = await contest(
    {
      "20 samples, method naive": { module: "memory", setup: { agents, ticks: 20, method: "naive" } },
      "an hour of samples, method naive": { module: "memory", setup: { agents, method: "naive" } },
      "an hour of samples, method auto": { module: "memory", setup: { agents } },
    },
    1,
  );
  printTable(
    "Memory of one series, sampled every 10 s, horizons 5m and 1h: heap and external",
    ["", "series", "kB/series", "horizons forecast"],
    Object.entries(measured).map(([name, it]) => [name, it.kept, it.bytesPerSeries / 1000, it.horizonsReady]),
  );
}
