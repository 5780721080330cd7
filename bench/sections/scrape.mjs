import { contest, ratio } from "../harness/contest.mjs";
import { printTable } from "../harness/table.mjs";

const kinds = ["PrometheusExporter", "prom-client", "our endpoint, instruments", "our endpoint, producer"];

/** The cost of a scrape of gauges, from the request to the last byte. */
export async function scrape({ isQuick }) {
  for (const series of isQuick ? [10_000] : [10_000, 100_000]) {
    const measured = await contest(
      Object.fromEntries(kinds.map((kind) => [kind, { module: "scrape", setup: { kind, series } }])),
      isQuick ? 5 : 9,
    );
    const baseline = measured.PrometheusExporter;
    printTable(
      `A scrape of ${series} gauge series`,
      ["", "ms", "ratio", "CPU ms", "ratio", "longest block ms", "peak heap MB", "MB sent"],
      kinds.map((kind) => {
        const it = measured[kind];
        return [
          kind,
          it.millis,
          ratio(it, baseline, "millis"),
          it.cpuMillis,
          ratio(it, baseline, "cpuMillis"),
          it.blockMillis,
          it.peakHeapMegabytes,
          it.bytes / 1e6,
        ];
      }),
    );
  }
}
