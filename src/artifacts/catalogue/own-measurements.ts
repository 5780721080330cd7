import { emptyResource } from "@opentelemetry/resources";
import type { ResolvedOptions } from "../../config/options.ts";
import type { MeasuredMetric } from "../../core/measured-metric.ts";
import { SkipLog } from "../../logging/skip-log.ts";
import { OwnInstruments } from "../../measure/instruments/own-instruments.ts";
import type { Surroundings } from "../../measure/surroundings.ts";
import type { AgentMetrics, SystemMetrics } from "../../metrics/recorded-fields.ts";
import { measuredMetrics } from "../../otel/measured-metrics.ts";

const agentName = "agent";

/** Everything that can be recorded of a system by hand; a field that is added to the type has to be added here. */
const SYSTEM: Required<SystemMetrics> = {
  cpuUsage: 1,
  memoryUsage: 1,
  diskUsage: 1,
  networkIo: 1,
  latencyP50: 1,
  latencyP95: 1,
  latencyP99: 1,
  errorRate: 1,
  requestRate: 1,
  throughput: 1,
};

const AGENT: Required<AgentMetrics> = {
  agentName,
  cpuUsage: 1,
  memoryUsage: 1,
  successRate: 1,
  failureRate: 1,
  latencyP50: 1,
  latencyP95: 1,
  latencyP99: 1,
  taskSuccessRate: 1,
  failureRecoveryTime: 1,
  resourceConsumption: 1,
  activeTasks: 1,
  completedTasks: 1,
  failedTasks: 1,
};

/** Without a price there would be no cost to know the name of. */
const PRICE = { model: "*", input: 1, output: 1 };

/**
 * What every instrument of this package measures, once each, by the very instruments that a process has: who generates
 * something from views asks them for names and units, and writes none down a second time. Nothing of the machine is read.
 */
export async function ownMeasurements(options: ResolvedOptions): Promise<MeasuredMetric[]> {
  const own = new OwnInstruments({ ...options, agentName, prices: [PRICE] }, nowhere, new SkipLog());
  const task = { agentName, taskType: "task", taskId: "1", executionTime: 1 };
  own.recorder.recordTask({ ...task, success: true });
  own.recorder.recordRetriedAttempt({ agentName, taskType: "task" });
  own.recorder.recordFailureRecovery({
    failureId: "1",
    agentName,
    failureType: "failure",
    recoveryAction: "recovery",
    recoveryTime: 1,
    success: true,
  });
  own.consumption.tokensUsed(agentName, { input: 1, output: 1, cachedInput: 0 }, "model");
  own.recordSystem(SYSTEM);
  own.recordAgent(AGENT);
  own.settleProcessAgent();
  const metrics = measuredMetrics(await own.reader.collect());
  await own.provider.shutdown();
  return metrics;
}

const nowhere: Surroundings = {
  resource: emptyResource(),
  serviceName: agentName,
  timers: { setInterval: () => ({ unref: () => {} }), clearInterval: () => {} },
  environment: {},
  now: () => 0,
  elapsedMillis: () => 0,
  pause: async () => {},
  sample: async () => ({
    cpuPercent: 1,
    memoryPercent: 1,
    diskPercent: 1,
    networkBytesPerSecond: 1,
    processCpuPercent: 1,
    processMemoryPercent: 1,
  }),
};
