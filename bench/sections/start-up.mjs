import { startSink } from "../../test/apps/harness/sink.ts";
import { setup } from "../contenders/start-up.mjs";
import { contest } from "../harness/contest.mjs";
import { asDeveloped, InstalledApps, installedIn } from "../harness/installed-apps.mjs";
import { printTable } from "../harness/table.mjs";

const EMPTY = "empty process";
/** Every contender collects every second. A timeout may not be longer than its interval. */
const EVERY_SECOND = {
  OTEL_FORECAST_COLLECTION_INTERVAL: "1000",
  OTEL_METRIC_EXPORT_INTERVAL: "1000",
  OTEL_METRIC_EXPORT_TIMEOUT: "1000",
};
const COMPILE_CACHES = {
  "without a compile cache": () => ({ NODE_DISABLE_COMPILE_CACHE: "1" }),
  // In the folder of the app: each app fills a cache of its own, in the round that is not counted.
  "with a compile cache": (lifeMillis) => ({ NODE_COMPILE_CACHE: `compile-cache-${lifeMillis}` }),
};

/** The cost of the plugin in a process that does nothing, installed as users install it. */
export async function startUp({ isQuick }) {
  const apps = new InstalledApps();
  const sink = await startSink();
  try {
    const contenders = contendersIn(apps, `http://127.0.0.1:${sink.port}`);
    await installing(contenders);
    await living("A process that ends at once", 0, contenders, isQuick ? 3 : 11);
    await living("A process that lives for a second", 1000, contenders, isQuick ? 2 : 7);
    await idling(contenders, isQuick ? 5000 : 20_000);
  } finally {
    apps.remove();
    await sink.close();
  }
}

/** By name: the folder that it is installed in, what preloads it, and its environment variables. */
function contendersIn(apps, collector) {
  return {
    [EMPTY]: { folder: apps.withNothing(), preload: [], variables: {} },
    "otel-forecast/register": {
      folder: apps.withThisPackage(),
      preload: ["--import", "otel-forecast/register"],
      variables: { OTEL_EXPORTER_PROMETHEUS_PORT: "0" },
    },
    "NodeSDK with PrometheusExporter": {
      folder: apps.withPackages(
        asDeveloped(
          "@opentelemetry/api",
          "@opentelemetry/sdk-node",
          "@opentelemetry/exporter-prometheus",
          "@opentelemetry/instrumentation-host-metrics",
          "@opentelemetry/instrumentation-runtime-node",
        ),
      ),
      preload: ["--import", "./node-sdk.mjs"],
      variables: {},
    },
    "auto-instrumentations-node/register": {
      folder: apps.withPackages([
        "@opentelemetry/api@1.10.0",
        "@opentelemetry/auto-instrumentations-node@0.82.0",
      ]),
      preload: ["--import", "@opentelemetry/auto-instrumentations-node/register"],
      // A collector that accepts everything, and no detection of clouds: else it waits for seconds
      // for hosts that do not exist.
      variables: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector,
        OTEL_NODE_RESOURCE_DETECTORS: "env,host,os,process",
      },
    },
  };
}

/** The setup of a contender in an app. */
function lifeOf({ folder, preload, variables }, app, lifeMillis, more = {}) {
  return {
    folder,
    args: [...preload, app],
    variables: { OTEL_LOG_LEVEL: "error", BENCH_LIFE_MILLIS: String(lifeMillis), ...variables, ...more },
  };
}

async function installing(contenders) {
  const rows = [];
  for (const [name, contender] of Object.entries(contenders)) {
    const { packages, files, megabytes } = installedIn(contender.folder);
    const loaded = [];
    for (const lifeMillis of [0, 1000]) {
      const counting = { ...contender, preload: ["--require", "./count-files.cjs", ...contender.preload] };
      const count = await setup(lifeOf(counting, "app.mjs", lifeMillis));
      loaded.push((await count()).filesLoaded);
    }
    rows.push([name, ...[packages, files].map(String), megabytes, ...loaded.map(String)]);
  }
  printTable(
    "Installed by npm, and the files that a process loads of it",
    ["", "packages", "files", "MB on disk", "loaded at the start", "loaded after 1 s"],
    rows,
  );
}

async function living(title, lifeMillis, contenders, rounds) {
  const caches = Object.keys(COMPILE_CACHES);
  const entries = caches.flatMap((cache) =>
    Object.entries(contenders).map(([name, contender]) => {
      const life = lifeOf(contender, "app.mjs", lifeMillis, COMPILE_CACHES[cache](lifeMillis));
      return [`${name}, ${cache}`, { module: "start-up", setup: life }];
    }),
  );
  const measured = await contest(Object.fromEntries(entries), rounds);
  for (const cache of caches) {
    const empty = measured[`${EMPTY}, ${cache}`];
    const rows = Object.keys(contenders).map((name) => {
      const it = measured[`${name}, ${cache}`];
      const measures = ["firstLineMillis", "lifeMillis", "cpuMillis", "residentMegabytes"];
      return [name, ...absoluteAndMore(measures, it, empty)];
    });
    printTable(
      `${title}, ${cache}`,
      ["", "first line ms", "more", "ended ms", "more", "CPU ms", "more", "resident MB", "more"],
      rows,
    );
  }
}

/** All run at the same time: they do almost nothing, for a long time. */
async function idling(contenders, lifeMillis) {
  const idle = async (contender, more) => (await setup(lifeOf(contender, "idle.mjs", lifeMillis, more)))();
  const rows = await Promise.all(
    Object.entries(contenders).map(async ([name, contender]) => {
      const [asItIs, often] = await Promise.all([idle(contender), idle(contender, EVERY_SECOND)]);
      return [name, asItIs.cpuMillisPerSecond, often.cpuMillisPerSecond, asItIs.residentMegabytes];
    }),
  );
  printTable(
    `An idle process, over ${lifeMillis / 1000} s: CPU ms a second`,
    ["", "as it is", "collecting every second", "resident MB, as it is"],
    rows,
  );
}

function absoluteAndMore(measures, it, empty) {
  return measures.flatMap((measure) => [it[measure], it[measure] - empty[measure]]);
}
