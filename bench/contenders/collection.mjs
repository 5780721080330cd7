import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { CollectionReader } from "../../build/src/otel/collection-reader.js";
import { benchPipeline } from "../harness/pipeline.mjs";
import { seededRandom } from "../harness/statistics.mjs";
import { HandClock } from "../harness/surroundings.mjs";
import { watch } from "../harness/watch.mjs";

/** Samples before the measurement: a few more than the first forecast of a series needs. */
const WARM_UP_TICKS = 16;
/** The time limit for selecting a model for each of 10,000 series once. */
const WARM_UP_MILLIS = 60_000;
/** The samples of an hour, and the collections between two selections of a model by default. */
const TICKS_OF_AN_HOUR = 360;
const TICKS_OF_A_SELECTION = 30;
const NEVER_MILLIS = 86_400_000;
const TASKS_OF_AGENT = 5;
const MAX_SERIES = 100_000;

/**
 * @param agents each has 10 forecast and 12 measured series; `kind`: what collects them;
 * `selects`: whether the series are an hour old and models are selected at the default interval. Then
 * the mean over one interval is measured.
 */
export async function setup({ kind, agents, method, selects = false }) {
  return kind === "pipeline" ? ofPipeline(agents, method, selects) : ofSdk(agents);
}

async function ofPipeline(agents, method, selects) {
  const clock = new HandClock();
  const pipeline = benchPipeline(
    { method, maxSeries: MAX_SERIES, ...(selects ? {} : { forecastIntervalMillis: NEVER_MILLIS }) },
    clock,
  );
  const work = workload(agents);
  const live = () => {
    clock.millis += 10_000;
    for (const task of work())
      pipeline.instruments.recorder.openTask(task.agent, task.task_type)(
        task.outcome,
        task.seconds,
        task.error_type,
      );
  };
  const startedAt = performance.now();
  const isForecast = () => pipeline.engine.forecasts().every(({ state }) => state === "ready");
  for (let tick = 0; tick < (selects ? TICKS_OF_AN_HOUR : WARM_UP_TICKS) || !isForecast(); tick += 1) {
    live();
    await pipeline.collect();
    if (!selects && performance.now() - startedAt > WARM_UP_MILLIS) break;
  }
  return async () => {
    const measured = [];
    for (let times = 0; times < (selects ? TICKS_OF_A_SELECTION : 1); times += 1) {
      live();
      measured.push(await watch(() => pipeline.collect()));
    }
    const all = (measure) => measured.map((it) => it[measure]);
    return {
      millis: mean(all("millis")),
      cpuMillis: mean(all("cpuMillis")),
      blockMillis: Math.max(...all("blockMillis")),
      peakHeapMegabytes: Math.max(...all("peakHeapMegabytes")),
      series: pipeline.health().series,
    };
  };
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** The same instruments, collected by the SDK alone, which discards the result. */
async function ofSdk(agents) {
  const reader = new CollectionReader({ maxAttributeSets: MAX_SERIES });
  const meter = new MeterProvider({ readers: [reader] }).getMeter("bench");
  const duration = meter.createHistogram("task.duration", { unit: "s" });
  for (const name of ["active_tasks", "open_failures"])
    meter.createObservableGauge(name).addCallback((result) => {
      for (let agent = 0; agent < agents; agent += 1) result.observe(0, { agent: `agent-${agent}` });
    });
  const work = workload(agents);
  return () => {
    for (const { agent, task_type, error_type, seconds } of work())
      duration.record(
        seconds,
        error_type === undefined ? { agent, task_type } : { agent, task_type, error_type },
      );
    return watch(() => reader.collect());
  };
}

/** Records the tasks of all agents in one tick. */
function workload(agents) {
  const random = seededRandom(1);
  return function* () {
    for (let agent = 0; agent < agents; agent += 1) {
      for (let task = 0; task < TASKS_OF_AGENT; task += 1) {
        const isFailure = random() < 0.1;
        yield {
          agent: `agent-${agent}`,
          task_type: "restart",
          outcome: /** @type {"failure" | "success"} */ (isFailure ? "failure" : "success"),
          seconds: 0.01 + random() ** 4 * 3,
          ...(isFailure ? { error_type: "TimeoutError" } : {}),
        };
      }
    }
  };
}
