import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { parseArgs } from "node:util";
import { seriesId } from "../../src/core/series-key.ts";
import { JoinedSeries, seriesRecordsOf } from "../../src/gateway/joined-series.ts";
import { Ownership } from "../../src/gateway/state/ownership.ts";
import { SlotStore } from "../../src/gateway/state/slot-store.ts";
import { SimulatedEngine } from "../accuracy/harness/engine.mjs";
import { seriesKinds } from "../harness/series-kinds.mjs";
import { seededRandom } from "../harness/statistics.mjs";
import { printTable, whole } from "../harness/table.mjs";
import { usedBytes, watch } from "../harness/watch.mjs";

const help = `npm run bench:state -- [--series N] [--minutes N]

Saves and loads the state of a gateway: series with what was learnt of them, after an hour of samples every 10 s.
Times include the disk. The longest turn is CPU time: how long the event loop was held.
  --series N   how many (default 10000)
  --minutes N  of samples (default 60)`;

const START = Date.UTC(2026, 0, 5, 9);
const STEP_MILLIS = 10_000;
const DAY_MILLIS = 86_400_000;
/** A minute, as between two saves of a gateway. */
const SAMPLES_BETWEEN = 6;
const LOOK_UPS = 1_000_000;
const MEMBERS = { count: 4, number: 1, replicas: 2 };

const { values: options } = parseArgs({
  options: {
    series: { type: "string", default: "10000" },
    minutes: { type: "string", default: "60" },
    help: { type: "boolean", default: false },
  },
});
const [count, minutes] = [Number(options.series), Number(options.minutes)];

if (options.help) {
  console.log(help);
} else if (!(count > 0 && minutes > 0)) {
  console.error(help);
  process.exitCode = 2;
} else {
  // A state keeps no process alive.
  const alive = setInterval(() => {}, 60_000);
  const directory = mkdtempSync(join(tmpdir(), "otel-forecast-bench-state-"));
  await measured(join(directory, "state"));
  rmSync(directory, { recursive: true });
  clearInterval(alive);
}

async function measured(directory) {
  const { engine, next } = await agedEngine();
  const clock = { elapsedMillis: () => performance.now(), pause: () => nextTurn() };
  const rows = [];
  const row = async (name, work) => {
    let bytes = 0;
    const cost = await watch(async () => {
      bytes = await work();
    });
    rows.push([name, cost.millis / 1000, cost.cpuMillis / 1000, bytes / 1e6, cost.blockMillis]);
  };
  const before = usedBytes();
  const store = new SlotStore({ directory, clock });
  await store.open(() => true);
  const save = async (records) => (await store.flush(records, { isWhole: true }))?.bytes ?? 0;
  await row("save all", () => save(recordsOf(engine)));
  const kept = usedBytes() - before;
  await row("save again, nothing has changed", () => save(recordsOf(engine)));
  for (let sample = 0; sample < SAMPLES_BETWEEN; sample += 1) await next();
  await row("save again, all have changed", () => save(recordsOf(engine)));
  await store.close();
  const [restored] = [new SimulatedEngine({ startMillis: START, maxSeries: count })];
  const reader = new SlotStore({ directory, clock });
  let used = 0;
  await row("load", async () => {
    const parts = new JoinedSeries();
    await reader.open((record) => {
      const series = parts.take(record);
      if (series !== undefined) used += Number(series !== false && restored.restore(series));
      return series !== false;
    });
    return reader.bytes;
  });
  await reader.close();
  const machine = `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`;
  console.log(`otel-forecast, ${new Date().toISOString().slice(0, 10)}, ${machine}`);
  printTable(
    `The state of ${whole(count)} series after ${minutes} minutes`,
    ["", "s", "CPU s", "MB", "longest turn ms"],
    rows,
  );
  console.log(
    `\n${whole(used)} series loaded; ${(kept / count).toFixed(0)} bytes of memory for each saved series`,
  );
  console.log(`owner of a series, of ${MEMBERS.count} members: ${ownerNanos().toFixed(0)} ns`);
}

/** An engine with series of several kinds, and a function that feeds it with one more sample of each. */
async function agedEngine() {
  const engine = new SimulatedEngine({
    startMillis: START,
    maxSeries: count,
    // A gateway with a state folder keeps all tiers, as a process with a history file does.
    history: `file:${join(tmpdir(), "none")}`,
    // One fit of each: fitting is what takes the time, and changes little of what is saved.
    forecastIntervalMillis: Math.min(2 * minutes * 60_000, DAY_MILLIS),
  });
  const kinds = Object.values(seriesKinds);
  const random = seededRandom(1);
  const samplers = Array.from({ length: count }, (_, index) => kinds[index % kinds.length]?.(random));
  let tick = 0;
  const next = async () => {
    tick += 1;
    const values = samplers.map((sample, index) => ({
      ...{ metric: "requests_per_second", labels: labelsOf(index), value: sample?.(tick) },
    }));
    await engine.feed(values, START + tick * STEP_MILLIS);
  };
  while (tick < (minutes * 60_000) / STEP_MILLIS) await next();
  return { engine, next };
}

function labelsOf(index) {
  return { job: "shop", instance: `10.0.${index >> 8}.${index & 255}:9090`, path: "/api/v1/orders" };
}

function* recordsOf(engine) {
  for (const parts of engine.parts()) yield* seriesRecordsOf(parts);
}

function ownerNanos() {
  const ownership = new Ownership(MEMBERS);
  const ids = Array.from({ length: 1000 }, (_, index) =>
    seriesId({ metric: "requests_per_second", labels: labelsOf(index) }),
  );
  let owned = 0;
  const startedAt = performance.now();
  for (let look = 0; look < LOOK_UPS; look += 1)
    if (ownership.owns(/** @type {string} */ (ids[look % ids.length]))) owned += 1;
  const millis = performance.now() - startedAt;
  if (owned === 0) throw new Error("this member owns nothing");
  return (millis * 1e6) / LOOK_UPS;
}
