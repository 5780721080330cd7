import { contest, ratio } from "../harness/contest.mjs";
import { InstalledApps } from "../harness/installed-apps.mjs";
import { printTable } from "../harness/table.mjs";

const FILLED_MEGABYTES = { "a small host": 0, "a host with 2 GB resident": 2000 };

/**
 * What a collection costs in a host with much memory. A fork copies its page tables: if a collection started a
 * process, it would block the host the longer, the more memory that has.
 */
export async function host({ isQuick }) {
  const apps = new InstalledApps();
  try {
    const folder = apps.withThisPackage();
    const contenders = Object.entries(FILLED_MEGABYTES).map(([name, megabytes]) => {
      const variables = {
        OTEL_LOG_LEVEL: "error",
        OTEL_EXPORTER_PROMETHEUS_PORT: "0",
        OTEL_FORECAST_COLLECTION_INTERVAL: "1000",
        BENCH_LIFE_MILLIS: isQuick ? "5000" : "15000",
        BENCH_FILL_MEGABYTES: String(megabytes),
      };
      const args = ["--import", "otel-forecast/register", "host.mjs"];
      return [name, { module: "start-up", setup: { folder, args, variables } }];
    });
    const measured = await contest(Object.fromEntries(contenders), isQuick ? 1 : 3);
    const [small] = Object.values(measured);
    printTable(
      "An idle process that collects every second: the longest turns of its event loop",
      ["", "resident MB", "usual ms", "ratio", "longest ms", "ratio", "children's CPU ms"],
      Object.entries(measured).map(([name, it]) => [
        name,
        it.residentMegabytes,
        it.usualTurnMillis,
        ratio(it, small, "usualTurnMillis"),
        it.longestTurnMillis,
        ratio(it, small, "longestTurnMillis"),
        it.childrenMillis,
      ]),
    );
  } finally {
    apps.remove();
  }
}
