import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { emptyResource } from "@opentelemetry/resources";
import { AggregationTemporality, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import prometheus from "prom-client";
import { AgentHandle } from "../../build/src/api/agent-handle.js";
import { AgentSuccessTracker } from "../../build/src/api/agent-success-tracker.js";
import { CollectionReader } from "../../build/src/otel/collection-reader.js";
import { Exporters } from "../../build/src/run/exporters.js";
import { benchPipeline } from "../harness/pipeline.mjs";
import { seededRandom } from "../harness/statistics.mjs";
import { HandClock } from "../harness/surroundings.mjs";

const AGENT_NAMES = Array.from({ length: 20 }, (_, agent) => `agent-${agent}`);
const TASK_TYPES = ["restart_service", "prune_logs", "scale_up", "scale_down", "probe"];
/**
 * Few enough tasks to stay in the cache, as in an application that records each task when it ends.
 */
const BATCH = 500;

/** The ways of recording an ended task: one function records it, one collects in between. */
const ways = {
  recordTask: (pipeline) => {
    // @ts-expect-error The declarations of build/ leave out constructors that are internal.
    const tracker = new AgentSuccessTracker(pipeline.instruments);
    return (task) => tracker.recordTask(task);
  },
  task: (pipeline) => {
    const agents = new Map();
    for (const name of AGENT_NAMES) {
      // @ts-expect-error The same.
      agents.set(name, new AgentHandle(name, pipeline.instruments.recorder, () => performance.now()));
    }
    return (task) => agents.get(task.agentName).task(task.taskType, noWork);
  },
};

function noWork() {}

/**
 * @param kind what records: ours, an OpenTelemetry histogram, or a histogram of prom-client;
 * `tasks` in one measurement
 */
export async function setup({ kind, tasks }) {
  const { record, collect } = recorders[kind]();
  const random = seededRandom(1);
  let taskId = 0;
  const nextBatch = () =>
    Array.from({ length: BATCH }, () => {
      taskId += 1;
      const success = random() < 0.9;
      return {
        taskId: `task-${taskId}`,
        agentName: AGENT_NAMES[Math.floor(random() * AGENT_NAMES.length)],
        taskType: TASK_TYPES[Math.floor(random() * TASK_TYPES.length)],
        success,
        executionTime: 0.001 + random() * 3,
        ...(success ? {} : { errorType: "TimeoutError" }),
      };
    });
  return async () => {
    let micros = 0;
    for (let done = 0; done < tasks; done += BATCH) {
      const batch = nextBatch();
      const before = process.cpuUsage();
      for (const task of batch) record(task);
      const { user, system } = process.cpuUsage(before);
      micros += user + system;
    }
    await collect();
    return { nanos: (micros * 1000) / tasks };
  };
}

const recorders = {
  recordTask: () => ofPipeline(ways.recordTask),
  task: () => ofPipeline(ways.task),
  "histogram, delta exponential": () => ofHistogram(new CollectionReader({ maxAttributeSets: 2000 })),
  "histogram, cumulative explicit": () => ofHistogram(new ScrapeReader()),
  "application, PrometheusExporter": () => ofHistogram(new PrometheusExporter({ preventServerStart: true })),
  "application, beside us": () => {
    const clock = new HandClock();
    const pipeline = benchPipeline({ exporters: ["prometheus"] }, clock);
    // @ts-expect-error The declarations of build/ leave out constructors that are internal.
    const exporters = new Exporters(pipeline, emptyResource(), {});
    const { record } = ofProvider(exporters.guardedProvider);
    return {
      record,
      collect: () => {
        clock.millis += 10_000;
        return Promise.all([pipeline.collect(), exporters.endpoint?.reader.collect()]);
      },
    };
  },
  "prom-client": () => {
    const registry = new prometheus.Registry();
    const histogram = new prometheus.Histogram({
      name: "task_duration_seconds",
      help: "Duration of tasks",
      labelNames: ["agent", "task_type", "error_type"],
      registers: [registry],
    });
    return {
      record: (task) => histogram.observe(attributesOf(task), task.executionTime),
      collect: () => registry.metrics(),
    };
  },
};

function ofPipeline(way) {
  const clock = new HandClock();
  const pipeline = benchPipeline({ method: "naive" }, clock);
  const record = way(pipeline);
  return {
    record,
    collect: () => {
      clock.millis += 10_000;
      return pipeline.collect();
    },
  };
}

function ofHistogram(reader) {
  const { record } = ofProvider(new MeterProvider({ readers: [reader] }));
  return { record, collect: () => reader.collect() };
}

function ofProvider(provider) {
  const histogram = provider.getMeter("bench").createHistogram("task.duration", { unit: "s" });
  return { record: (task) => histogram.record(task.executionTime, attributesOf(task)) };
}

function attributesOf({ agentName, taskType, success, errorType }) {
  return success
    ? { agent: agentName, task_type: taskType }
    : { agent: agentName, task_type: taskType, error_type: errorType };
}

/** What a scrape by OpenTelemetry's own exporter collects. */
class ScrapeReader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  }

  async onShutdown() {}

  async onForceFlush() {}
}
