/** A thread with a runtime, which leaves when it is asked to, and lives on. */
import { parentPort, workerData } from "node:worker_threads";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { createRuntime } from "../../../src/zero-code/process-tree.ts";

const warned = [];
diag.setLogger(
  { warn: (line) => warned.push(line) },
  { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
);
const placed = createRuntime({ ...process.env });
const { runtime } = placed;
let mayListen;
await runtime.start({
  mayListen: async () => {
    mayListen = await placed.settle();
    return mayListen;
  },
});
for (let count = 0; count < (workerData?.collections ?? 1); count += 1) await runtime.pipeline.collect();
const { resourceMetrics } = await runtime.pipeline.producer.collect();
const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
parentPort.postMessage({
  isMember: placed.isMember,
  mayListen,
  agent: runtime.pipeline.instruments.defaultAgent,
  endpoint: runtime.exporters.endpoint?.port,
  warned,
  history: runtime.pipeline.options.history,
  system: metrics.map(({ descriptor }) => descriptor.name).filter((name) => name.startsWith("system.")),
});
parentPort.on("message", async () => {
  runtime.pipeline.instruments.recorder.openTask("mapper", "map")("success", 2);
  await runtime.pipeline.collect();
  await placed.leave();
  await runtime.shutdown();
  parentPort.postMessage("left");
});
