// Runs an app with agents under load for hours, and watches what it needs. Prints a table in Markdown, as it is in
// docs/reliability.md. Fails when the resident memory in use rises by more than --most-slope.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Scraper } from "./soak/scraper.mjs";
import { tableOf } from "./soak/summary.mjs";

const help = `npm run soak -- [--minutes N] [--tasks N] [--every SECONDS] [--most-slope N]

Runs an app with agents, a history file and a scraper, and prints what it needs as a table in Markdown.
  --minutes N      how long (default 120)
  --tasks N        tasks in a second (default 5000)
  --every SECONDS  time between two samples (default 10)
  --most-slope N   MiB/h of resident memory in use over the last half; more exits with 1 (default: no limit)`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "120" },
    tasks: { type: "string", default: "5000" },
    every: { type: "string", default: "10" },
    "most-slope": { type: "string", default: "Infinity" },
    help: { type: "boolean", default: false },
  },
});
const [minutes, tasks, every] = [values.minutes, values.tasks, values.every].map(Number);

if (values.help) {
  console.log(help);
} else if (![minutes, tasks, every, Number(values["most-slope"])].every((it) => it > 0)) {
  console.error(help);
  process.exitCode = 2;
} else {
  const samples = await soak();
  const date = new Date().toISOString().slice(0, 10);
  const machine = `node ${process.version}, ${cpus().length} x ${cpus()[0].model}`;
  console.log(`otel-forecast, ${date}, ${machine}, ${minutes} minutes, ${tasks} tasks a second\n`);
  const { table, slopeInUse } = tableOf(samples);
  console.log(table);
  if (!(slopeInUse <= Number(values["most-slope"]))) process.exitCode = 1;
}

/** The samples of an app that lives so long. */
async function soak() {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-soak-"));
  const samples = [];
  const app = spawn(process.execPath, ["--expose-gc", "bench/soak/app.mjs", String(tasks), String(every)], {
    env: { ...process.env, OTEL_FORECAST_HISTORY: `file:${join(folder, "history")}` },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const scraper = new Scraper(every * 1000);
  app.on("message", (/** @type {any} */ { url, ...sample }) => {
    if (url === undefined) samples.push({ ...sample, series: scraper.series });
    else scraper.start(url);
  });
  const end = setTimeout(() => app.kill("SIGTERM"), minutes * 60_000);
  const [code, signal] = await new Promise((resolve) => app.once("close", (...how) => resolve(how)));
  clearTimeout(end);
  scraper.stop();
  rmSync(folder, { recursive: true, force: true });
  if (signal !== "SIGTERM") throw new Error(`the app ended by itself: exit code ${code}, signal ${signal}`);
  return samples;
}
