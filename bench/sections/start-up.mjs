import { contest } from "../harness/contest.mjs";
import { printTable } from "../harness/table.mjs";

const preloads = ["empty process", "NodeSDK with PrometheusExporter", "--import otel-forecast/register"];

/** What the plugin costs a process that does nothing. */
export async function startUp({ isQuick }) {
  await coming({ isQuick });
  await idling({ isQuick });
}

async function coming({ isQuick }) {
  const measured = await contest(
    Object.fromEntries(
      preloads.map((preload) => [preload, { module: "start-up", setup: { preload, app: "empty" } }]),
    ),
    isQuick ? 3 : 9,
  );
  const empty = measured["empty process"];
  printTable(
    "Starting and ending an empty process",
    ["", "first line after ms", "more", "resident MB", "more", "ended after ms"],
    preloads.map((preload) => {
      const it = measured[preload];
      return [
        preload,
        it.firstLineMillis,
        it.firstLineMillis - empty.firstLineMillis,
        it.residentMegabytes,
        it.residentMegabytes - empty.residentMegabytes,
        it.lifeMillis,
      ];
    }),
  );
}

async function idling({ isQuick }) {
  const variables = {
    BENCH_IDLE_MILLIS: isQuick ? "5000" : "10000",
    OTEL_FORECAST_COLLECTION_INTERVAL: "1000",
  };
  const measured = await contest(
    Object.fromEntries(
      preloads.map((preload) => [
        preload,
        { module: "start-up", setup: { preload, app: "idle", variables } },
      ]),
    ),
    isQuick ? 1 : 2,
  );
  printTable(
    "An idle process, sampled every second instead of every 10",
    ["", "CPU ms a second", "resident MB"],
    preloads.map((preload) => [
      preload,
      measured[preload].cpuMillisPerSecond,
      measured[preload].residentMegabytes,
    ]),
  );
}
