// Prints the files that one task passes from `recordTaskResult` to `/metrics`, and the files that
// one sample of an application's gauge passes to its `_predicted` gauges. A file is on the way when
// one more task, or one more series, makes a named function of that file run more often. The last
// line has the counts that test/bench/ways.test.ts limits. Reads `src`, so it needs no build.
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { AgentSuccessTracker } from "../src/api/agent-success-tracker.ts";
import { resolveOptions } from "../src/config/resolve-options.ts";
import { PrometheusEndpoint } from "../src/prometheus/prometheus-endpoint.ts";
import { ForecastPipeline } from "../src/run/forecast-pipeline.ts";
import { CallCounts, filesWithMoreCalls } from "./harness/call-counts.mjs";
import { HandClock, handSurroundings, OPTION_SOURCES } from "./harness/surroundings.mjs";

const INTERVAL_MILLIS = 10_000;
/** Enough for forecasts to be ready, and for every function to have been compiled. */
const WARM_UP_COLLECTIONS = 40;
/** A task makes new series that are forecast: the rooms that predict are a way of their own. */
const PREDICTION_ROOMS = ["engine/", "series/", "forecast/", "math/"];
const MODEL_ROOMS = ["forecast/", "math/"];

// The endpoint checks its connections every second: a check between two counts adds its file.
timers.setInterval = /** @type {typeof setInterval} */ (/** @type {unknown} */ (() => ({ unref() {} })));
syncBuiltinESMExports();
// No work takes time: on a busy machine a pause between two counts would add its file.
performance.now = () => 0;
const counts = new CallCounts();
await counts.start();
const task = await wayOfTask();
const sample = await wayOfSample();
counts.stop();
print("One task, from recordTaskResult to /metrics", task);
print("One sample, from its collection to its _predicted gauges", sample);
console.log(
  `way of a task: ${outsideOf(PREDICTION_ROOMS, task)} files outside of the prediction rooms; ` +
    `way of a sample: ${outsideOf(MODEL_ROOMS, sample)} files outside of forecast/ and math/`,
);

async function wayOfTask() {
  const { pipeline, collect } = monitor();
  const tracker = new AgentSuccessTracker(pipeline.instruments);
  const endpoint = new PrometheusEndpoint({ port: 0, metricProducers: [pipeline.producer] });
  await endpoint.start();
  const record = (taskType, taskId) =>
    tracker.recordTask({ taskId, agentName: "planner", taskType, success: true, executionTime: 1 });
  const show = async () => {
    await collect();
    await (await fetch(`${endpoint.url}/metrics`)).text();
    return counts.take();
  };
  for (let index = 0; index < WARM_UP_COLLECTIONS; index += 1) {
    record("plan", `plan ${index}`);
    await show();
  }
  const without = await show();
  record("act", "act");
  const recorded = await counts.take();
  const withTask = await show();
  await endpoint.shutdown();
  await pipeline.stopCollecting({ samples: false });
  return [...new Set([...filesWithMoreCalls(recorded, new Map()), ...filesWithMoreCalls(withTask, without)])];
}

async function wayOfSample() {
  const callsWith = async (series) => {
    const { pipeline, collect } = monitor();
    const reader = pipeline.readers.newReader();
    const provider = new MeterProvider({ readers: [reader] });
    pipeline.readers.add(reader);
    const gauge = provider.getMeter("ways").createGauge("ways");
    let value = 0;
    const sampled = async () => {
      value += 1;
      for (let index = 0; index < series; index += 1) gauge.record(value, { index: String(index) });
      await collect();
      await pipeline.producer.collect();
      return counts.take();
    };
    for (let index = 0; index < WARM_UP_COLLECTIONS; index += 1) await sampled();
    const calls = await sampled();
    await pipeline.stopCollecting({ samples: false });
    await provider.shutdown();
    return calls;
  };
  const one = await callsWith(1);
  return filesWithMoreCalls(await callsWith(2), one);
}

/**
 * A pipeline whose collections are started by hand, on a clock that moves with them and never
 * within one.
 */
function monitor() {
  const clock = new HandClock();
  const options = { exporters: ["none"], collectionIntervalMillis: INTERVAL_MILLIS };
  const pipeline = new ForecastPipeline(
    resolveOptions(options, OPTION_SOURCES),
    handSurroundings(clock, () => clock.millis),
  );
  const collect = () => {
    clock.millis += INTERVAL_MILLIS;
    return pipeline.collect();
  };
  return { pipeline, collect };
}

function outsideOf(rooms, files) {
  return files.filter((file) => !rooms.some((room) => file.startsWith(room))).length;
}

function print(title, files) {
  console.log(`${title}: ${files.length} files`);
  for (const file of files) console.log(`  ${file}`);
}
