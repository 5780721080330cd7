import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { resolveOptions } from "../../src/config/resolve-options.ts";
import { ForecastEngine } from "../../src/engine/forecast-engine.ts";
import { WindowClock } from "../../src/measure/window-clock.ts";
import { ForecastProducer } from "../../src/otel/forecast-producer.ts";
import { ViewProcessor } from "../../src/views/view-processor.ts";
import { randomFrom } from "./random.mjs";
import { failingTasks, kinds } from "./windowed-tasks.mjs";

const help = `node bench/accuracy/windowed.mjs [options]

Simulates agents whose failures are constant, drift or come in bursts, and scores the forecasts of a rate, a ratio and a
percentile over a window: error over no change, and the share of values that the 80 % intervals held. Beside them, in the
same run, the same values are forecast without their windows, as a series of numbers.
  --hours COUNT     how long each agent runs (default: 4)
  --agents COUNT    agents of each kind (default: 6)
  --interval COUNT  seconds between collections (default: 10)
  --window COUNT    seconds of the window (default: 300)`;

const { values: options } = parseArgs({
  options: {
    hours: { type: "string", default: "4" },
    agents: { type: "string", default: "6" },
    interval: { type: "string", default: "10" },
    window: { type: "string", default: "300" },
    help: { type: "boolean", default: false },
  },
});
const interval = Number(options.interval);
const windowSeconds = Number(options.window);
const horizons = [60, 300, 3600];
const youngSeconds = 900;
const failed = [{ error_type: "?*" }];
/** @type {import("../../src/views/forecast-view.ts").ForecastView} */
const view = {
  instruments: ["task.duration"],
  by: [],
  outputs: [
    { name: "rate", number: "rate", of: failed, bounds: { lower: 0 }, isPublished: true, isForecast: true },
    {
      ...{ name: "ratio", number: "ratio", of: failed, bounds: { lower: 0, upper: 1 } },
      ...{ isPublished: true, isForecast: true },
    },
    {
      ...{ name: "percentile", number: "quantile", quantile: 0.95, bounds: { lower: 0 } },
      ...{ isPublished: true, isForecast: true },
    },
  ],
};

if (options.help) console.log(help);
else await measure();

async function measure() {
  const date = new Date().toISOString().slice(0, 10);
  console.log(
    `${date}, node ${process.version}, ${cpus()[0].model}: ${options.agents} agents of each kind for ${options.hours} h, a collection every ${interval} s, a window of ${windowSeconds} s.\n`,
  );
  console.log(
    "| failures | number | horizon | error over no change | without the window | 80 % interval holds |",
  );
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const kind of kinds) {
    const scores = new Map();
    for (let agent = 1; agent <= Number(options.agents); agent++) await run(kind, agent, scores);
    for (const [key, { own, other, naive, held, otherHeld, count }] of scores)
      console.log(
        `| ${kind} | ${key} | ${shown(own / naive)} | ${shown(other / naive)} | ${shown(held / count)} | ${shown(otherHeld / count)} |`,
      );
  }
}

async function run(kind, seed, scores) {
  const millis = interval * 1000;
  const clock = new WindowClock({
    ...{ windowMillis: windowSeconds * 1000, intervalMillis: millis, startedAt: 0 },
  });
  const views = new ViewProcessor({ views: [view], slices: clock.slices, maxSelections: 10 });
  const start = Date.UTC(2026, 0, 5, 9);
  let now = start;
  const engines = [newEngine(() => now), newEngine(() => now)];
  const tasks = failingTasks(kind, randomFrom(7919 * seed), interval);
  const series = new Map();
  for (let step = 1; step <= (Number(options.hours) * 3600) / interval; step++) {
    now = start + step * millis;
    for (let begun = clock.moveTo(step * millis); begun > 0; begun--) runAll(views.advance());
    runAll(views.take([tasks()], now));
    const values = runAll(views.values(clock));
    await engines[0].take(values, now);
    await engines[1].take(
      values.map(({ window: _window, ...value }) => value),
      now,
    );
    for (const { id, value } of values) listOf(series, id).push({ step, value });
    for (const [place, engine] of engines.entries())
      for (const forecast of engine.forecasts())
        if (forecast.state === "ready") {
          const made = listOf(series, forecast.metricName).at(-1);
          made[place] ??= new Map();
          made[place].set(forecast.horizonSeconds, forecast);
        }
  }
  for (const [id, made] of series) score(id, made, scores);
}

function score(id, made, scores) {
  const byStep = new Map(made.map(({ step, value }) => [step, value]));
  for (const { step, value, 0: own, 1: other } of made) {
    if (step * interval < youngSeconds) continue;
    for (const horizon of horizons) {
      const came = byStep.get(step + Math.round(horizon / interval));
      const [ours, theirs] = [own?.get(horizon), other?.get(horizon)];
      if (came === undefined || ours === undefined || theirs === undefined) continue;
      const key = `${id.replace("_seconds", "")} | ${horizon / 60} m`;
      const sum = scores.get(key) ?? { own: 0, other: 0, naive: 0, held: 0, otherHeld: 0, count: 0 };
      sum.own += Math.abs(came - ours.predictedValue);
      sum.other += Math.abs(came - theirs.predictedValue);
      sum.naive += Math.abs(came - value);
      sum.held += Number(came >= ours.lower && came <= ours.upper);
      sum.otherHeld += Number(came >= theirs.lower && came <= theirs.upper);
      sum.count += 1;
      scores.set(key, sum);
    }
  }
}

function newEngine(now) {
  const resolved = resolveOptions(
    {
      horizons: horizons.map((seconds) => `${seconds}s`),
      ...{ collectionIntervalMillis: interval * 1000, windowMillis: windowSeconds * 1000 },
    },
    { environment: {}, readFile: () => "", warn: console.error },
  );
  return new ForecastEngine({
    ...{ options: resolved, producer: new ForecastProducer(now) },
    clock: { elapsedMillis: () => 0, threadCpuMillis: () => 0, pause: async () => {} },
    observer: { ran() {}, dropped() {} },
  });
}

/** Runs work that could pause, without a pause. */
function runAll(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function listOf(map, key) {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}

function shown(value) {
  return value.toFixed(2).replace(/^0/, "");
}
