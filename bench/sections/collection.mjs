import { contest, ratio } from "../harness/contest.mjs";
import { printTable } from "../harness/table.mjs";

const SERIES_OF_AGENT = 10;

/** The cost of a collection, compared to the SDK alone, which discards what it collects. */
export async function collection({ isQuick }) {
  for (const series of isQuick ? [1000] : [1000, 10_000]) {
    const agents = series / SERIES_OF_AGENT;
    const measured = await contest(
      {
        "SDK alone: collect()": { module: "collection", setup: { kind: "sdk", agents } },
        "pipeline.collect(), method naive": {
          module: "collection",
          setup: { kind: "pipeline", agents, method: "naive" },
        },
        "pipeline.collect(), method auto": {
          module: "collection",
          setup: { kind: "pipeline", agents, method: "auto" },
        },
        // With 10,000 series it takes an hour to get there.
        ...(isQuick || series > 1000
          ? {}
          : {
              "an hour old, with selections": {
                module: "collection",
                setup: { kind: "pipeline", agents, method: "auto", selects: true },
              },
            }),
      },
      isQuick ? 5 : 9,
    );
    const baseline = measured["SDK alone: collect()"];
    printTable(
      `A collection of ${series} agent series (${agents} agents with 5 tasks each since the one before)`,
      ["", "ms", "CPU ms", "us/series", "ratio", "longest block ms", "peak heap MB", "series"],
      Object.entries(measured).map(([name, it]) => [
        name,
        it.millis,
        it.cpuMillis,
        (it.cpuMillis * 1000) / series,
        ratio(it, baseline, "cpuMillis"),
        it.blockMillis,
        it.peakHeapMegabytes,
        it.series,
      ]),
    );
  }
}
