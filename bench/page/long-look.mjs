import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { look, startBrowser } from "../../test/e2e/harness/browser.ts";
import { freePorts } from "../../test/e2e/harness/free-ports.ts";
import { printTable } from "../harness/table.mjs";

const help = `npm run bench:page -- [options]

Looks for minutes at the page of an app with many series, with a real Chromium, and prints the heap of the page and
the CPU time of the app before, meanwhile and afterwards. Needs Linux, and chromium on the PATH.
  --series N    how many gauges (default 10000)
  --minutes N   how long the page is open (default 10)
  --closed N    minutes without the page, before and afterwards (default 2)`;

const { values: options } = parseArgs({
  options: {
    series: { type: "string", default: "10000" },
    minutes: { type: "string", default: "10" },
    closed: { type: "string", default: "2" },
    help: { type: "boolean", default: false },
  },
});
const GIVE_UP_MILLIS = 600_000;
/** Of the clock of `/proc`, which is 100 Hz on all architectures of Linux that Node supports. */
const MILLIS_PER_TICK = 10;
const READINGS = 10;

if (options.help) console.log(help);
else await measured(Number(options.series), Number(options.minutes), Number(options.closed));

/**
 * @param {number} series
 * @param {number} minutes
 * @param {number} closedMinutes
 */
async function measured(series, minutes, closedMinutes) {
  const [port] = /** @type {[number]} */ (await freePorts(1));
  const app = spawn(
    process.execPath,
    ["--import", "otel-forecast/register", resolve(import.meta.dirname, "gauges-app.mjs"), String(series)],
    {
      stdio: "ignore",
      env: {
        ...process.env,
        OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
        OTEL_FORECAST_MAX_SERIES: String(2 * series),
      },
    },
  );
  const url = `http://127.0.0.1:${port}/`;
  try {
    await forecastAll(url, series);
    const before = await cpuShareOver(app.pid, closedMinutes);
    const browser = await startBrowser();
    const { page, faults } = await look(browser, url, { width: 1280 });
    await page.waitForSelector(".chart canvas");
    const startedAt = { cpu: cpuMillis(app.pid), at: performance.now() };
    const heaps = [];
    for (let reading = 0; reading <= READINGS; reading += 1) {
      if (reading > 0) await sleep((minutes * 60_000) / READINGS);
      heaps.push(await heapOf(page));
    }
    const open = (cpuMillis(app.pid) - startedAt.cpu) / (performance.now() - startedAt.at);
    await browser.close();
    const afterwards = await cpuShareOver(app.pid, closedMinutes);
    console.log(`${new Date().toISOString().slice(0, 10)}, node ${process.version}, ${cpus()[0]?.model}`);
    printTable(
      `The page of an app with ${series} series, open for ${minutes} minutes`,
      ["", "value"],
      [
        ["CPU of the app before, % of a core", 100 * before],
        ["while the page is open", 100 * open],
        ["afterwards", 100 * afterwards],
        ...heaps.map((bytes, reading) => [
          `heap of the page after ${((minutes * reading) / READINGS).toFixed(1)} minutes, MB`,
          bytes / 1e6,
        ]),
        ["errors of the page", faults.length],
      ],
    );
  } finally {
    app.kill("SIGTERM");
  }
}

async function forecastAll(/** @type {string} */ url, /** @type {number} */ series) {
  const end = performance.now() + GIVE_UP_MILLIS;
  while (performance.now() < end) {
    const text = await fetch(`${url}metrics`).then(
      (response) => response.text(),
      () => "",
    );
    if ((text.match(/^forecast_ready\{.*\} 1$/gm)?.length ?? 0) >= series) return;
    await sleep(5000);
  }
  throw new Error(`not all of the ${series} series were forecast within ${GIVE_UP_MILLIS / 60_000} minutes`);
}

async function cpuShareOver(/** @type {number | undefined} */ pid, /** @type {number} */ minutes) {
  const from = cpuMillis(pid);
  const at = performance.now();
  await sleep(minutes * 60_000);
  return (cpuMillis(pid) - from) / (performance.now() - at);
}

/** The CPU time of a process with all of its threads. */
function cpuMillis(/** @type {number | undefined} */ pid) {
  const [, user, system] =
    /^\d+ \(.*\) (?:\S+ ){11}(\d+) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
  return MILLIS_PER_TICK * (Number(user) + Number(system));
}

/** What the page holds after a collection of garbage. */
async function heapOf(/** @type {import("playwright-core").Page} */ page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}
