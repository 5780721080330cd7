// Prints the files that one task passes from `recordTaskResult` to `/metrics`, and those that one
// sample passes to its `_predicted` gauges. A file is on the way where one task, or one series, more
// makes a function of that file run more often.
import { AgentSuccessTracker } from "../build/src/api/agent-success-tracker.js";
import { PrometheusEndpoint } from "../build/src/prometheus/prometheus-endpoint.js";
import { CallCounts, filesWithMoreCalls } from "./harness/call-counts.mjs";
import { benchPipeline, HandClock } from "./harness/pipeline.mjs";

const INTERVAL_MILLIS = 10_000;
/** Enough for forecasts to be ready, and for every function to have been compiled. */
const WARM_UP_COLLECTIONS = 40;

const counts = new CallCounts();
await counts.start();
print("One task, from recordTaskResult to /metrics", await wayOfTask());
print("One sample, from its collection to its _predicted gauges", await wayOfSample());
counts.stop();

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
  const first = await counts.take();
  const withTask = await show();
  await endpoint.shutdown();
  await pipeline.stop({ samples: false });
  return new Set([...filesWithMoreCalls(first, new Map()), ...filesWithMoreCalls(withTask, without)]);
}

async function wayOfSample() {
  const callsWith = async (series) => {
    const { pipeline, collect } = monitor();
    const gauge = pipeline.instruments.provider.getMeter("ways").createGauge("ways");
    let value = 0;
    const sampled = async () => {
      value += 1;
      for (let index = 0; index < series; index += 1) gauge.record(value, { index });
      await collect();
      return counts.take();
    };
    for (let index = 0; index < WARM_UP_COLLECTIONS; index += 1) await sampled();
    const calls = await sampled();
    await pipeline.stop({ samples: false });
    return calls;
  };
  const one = await callsWith(1);
  return new Set(filesWithMoreCalls(await callsWith(2), one));
}

/** A pipeline whose collections are started by hand, and whose clock goes on with them. */
function monitor() {
  const clock = new HandClock();
  const pipeline = benchPipeline({ collectionIntervalMillis: INTERVAL_MILLIS }, clock);
  const collect = () => {
    clock.millis += INTERVAL_MILLIS;
    return pipeline.collect();
  };
  return { pipeline, collect };
}

function print(title, files) {
  console.log(`${title}: ${files.size} files`);
  for (const file of files) console.log(`  ${file}`);
}
