import { emptyResource } from "@opentelemetry/resources";
import type { ResolvedOptions } from "../../config/options.ts";
import type { MeasuredMetric } from "../../core/measured-metric.ts";
import { atOnce } from "../../core/yielding-runner.ts";
import { SkipLog } from "../../logging/skip-log.ts";
import { OwnInstruments } from "../../measure/instruments/own-instruments.ts";
import type { Surroundings } from "../../measure/surroundings.ts";
import { agentFields, type RecordedField, SYSTEM_FIELDS } from "../../metrics/recorded-fields.ts";
import { measuredMetrics } from "../../otel/measured-metrics.ts";

const agentName = "agent";

/** Without a price no cost is measured. */
const PRICE = { model: "*", input: 1, output: 1 };

/**
 * Records something with every instrument of this package once, and returns what a process with
 * these options would measure: names, units, kinds and labels. Nothing is read from the machine.
 */
export async function ownMeasurements(options: ResolvedOptions): Promise<MeasuredMetric[]> {
  const own = new OwnInstruments({ ...options, agentName, prices: [PRICE] }, nowhere, new SkipLog());
  const task = { agentName, taskType: "task", taskId: "1", executionTime: 1 };
  own.recorder.recordTask({ ...task, success: true });
  for (const outcome of ["cancelled", "lost"] as const)
    own.recorder.openTask(agentName, task.taskType)(outcome, 1);
  own.recorder.recordSucceededAttempt({ agentName, taskType: "task" });
  own.recorder.recordRetriedAttempt({ agentName, taskType: "task" });
  const failure = { failureId: "1", agentName, failureType: "failure" };
  const recovery = { ...failure, recoveryAction: "recovery", recoveryTime: 1 };
  for (const success of [false, true]) own.recorder.recordFailureRecovery({ ...recovery, success });
  own.consumption.tokensUsed(agentName, { input: 1, output: 1, cachedInput: 0 }, "model");
  own.runs.runEnded(agentName, { toolCalls: 1, inferenceCalls: 1 });
  own.runs.firstTokenArrived(agentName, "model", 1);
  own.runs.toolCalled(agentName, "tool", true);
  own.recordSystem(oneOfEach(SYSTEM_FIELDS));
  own.recordAgent({ agentName, ...oneOfEach(agentFields(options.namespace)) });
  own.settleProcessAgent();
  own.runtime?.start();
  return [...atOnce(own.collect()), ...atOnce(measuredMetrics(await own.reader.collect()))];
}

function oneOfEach(fields: Readonly<Record<string, RecordedField>>): Record<string, number> {
  return Object.fromEntries(Object.keys(fields).map((field) => [field, 1]));
}

const nowhere: Surroundings = {
  resource: emptyResource(),
  serviceName: agentName,
  // A timer that is due at once, once.
  timers: {
    setInterval: (callback) => {
      callback();
      return { unref: () => {} };
    },
    clearInterval: () => {},
  },
  environment: {},
  now: () => 0,
  elapsedMillis: () => 0,
  uptimeMillis: () => 0,
  cpuMillis: () => 0,
  threadCpuMillis: () => 0,
  pause: async () => {},
  heapPercent: () => 1,
  sample: async () => ({
    cpuPercent: 1,
    memoryPercent: 1,
    diskPercent: 1,
    networkBytesPerSecond: 1,
    processCpuPercent: 1,
    processMemoryPercent: 1,
  }),
};
