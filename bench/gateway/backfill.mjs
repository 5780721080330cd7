import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { freePorts } from "../../test/e2e/harness/free-ports.ts";
import { writeBlocks } from "../../test/e2e/harness/past-blocks.ts";
import { PrometheusServer } from "../../test/e2e/harness/prometheus.ts";
import { seededRandom } from "../harness/statistics.mjs";
import { printTable } from "../harness/table.mjs";

const help = `npm run bench:backfill -- [options]

Fills a real Prometheus with the past of many series, starts a gateway that pulls them, and prints when their forecasts
are there. Needs prometheus and promtool on the PATH.
  --series N   how many (default 1000)
  --days N     of the past (default 7)
  --step N     seconds between two samples, and the interval of the gateway (default 60)`;

const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
const GIVE_UP_MILLIS = 600_000;

const { values: options } = parseArgs({
  options: {
    series: { type: "string", default: "1000" },
    days: { type: "string", default: "7" },
    step: { type: "string", default: "60" },
    help: { type: "boolean", default: false },
  },
});

if (options.help) console.log(help);
else await measured(Number(options.series), Number(options.days), Number(options.step) * 1000);

/**
 * @param {number} count
 * @param {number} days
 * @param {number} stepMillis
 */
async function measured(count, days, stepMillis) {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-bench-backfill-"));
  const [ofPrometheus, web] = /** @type {[number, number]} */ (await freePorts(2));
  const prometheus = new PrometheusServer(ofPrometheus, [], undefined, {
    fill: (data) => writeBlocks(data, "queue_depth", past(count, days, stepMillis)),
  });
  await prometheus.ready();
  const file = join(folder, "gateway.yaml");
  writeFileSync(
    file,
    `interval: ${stepMillis / 1000}s
horizons: [1h, 6h]
sources: [{ prometheus: "${prometheus.url}", queries: { depth: queue_depth } }]
outputs: { prometheus: { address: "127.0.0.1:${web}" } }
`,
  );
  const startedAt = performance.now();
  const gateway = spawn(process.execPath, [cli, "gateway", "--config", file], { stdio: "ignore" });
  const secondsTo = await secondsToForecasts(web, count, startedAt);
  console.log(`${new Date().toISOString().slice(0, 10)}, node ${process.version}, ${cpus()[0]?.model}`);
  printTable(
    `${count} series with ${days} days of the past, a sample every ${stepMillis / 1000} s`,
    ["forecast", "seconds after the start"],
    [...secondsTo].map(([share, seconds]) => [share, seconds]),
  );
  gateway.kill("SIGTERM");
  await prometheus.stop();
  rmSync(folder, { recursive: true });
}

/** When the first, half, and all of the series are forecast, in seconds. */
async function secondsToForecasts(
  /** @type {number} */ web,
  /** @type {number} */ count,
  /** @type {number} */ startedAt,
) {
  const wanted = new Map([
    ["the first", 1],
    ["half", count / 2],
    ["all", count],
  ]);
  const reached = new Map();
  while (reached.size < wanted.size && performance.now() - startedAt < GIVE_UP_MILLIS) {
    const page = await fetch(`http://127.0.0.1:${web}/metrics`).then(
      (response) => response.text(),
      () => "",
    );
    const ready = page.match(/^forecast_ready\{.*\} 1$/gm)?.length ?? 0;
    for (const [share, series] of wanted)
      if (ready >= series && !reached.has(share)) reached.set(share, (performance.now() - startedAt) / 1000);
    await sleep(200);
  }
  return reached;
}

/** Queues with a daily pattern and noise. The last sample is as old as one of a scrape. */
function* past(/** @type {number} */ count, /** @type {number} */ days, /** @type {number} */ stepMillis) {
  const end = Math.floor(Date.now() / stepMillis) * stepMillis;
  for (let index = 0; index < count; index += 1) {
    const random = seededRandom(index + 1);
    yield {
      labels: { queue: String(index) },
      samples: samples(index, end - days * 86_400_000, end, stepMillis, random),
    };
  }
}

/** @returns {Iterable<[number, number]>} */
function* samples(
  /** @type {number} */ index,
  /** @type {number} */ start,
  /** @type {number} */ end,
  /** @type {number} */ step,
  /** @type {() => number} */ random,
) {
  for (let at = start; at <= end; at += step) {
    const daily = 10 * Math.sin((2 * Math.PI * at) / 86_400_000);
    yield [at, Number((100 + index + daily + 2 * random()).toFixed(3))];
  }
}
