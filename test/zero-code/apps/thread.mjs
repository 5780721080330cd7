/** A thread with a runtime, which ends when it is asked to leave. */
import { parentPort } from "node:worker_threads";
import { createRuntime } from "../../../src/zero-code/process-tree.ts";

const placed = createRuntime({ ...process.env });
const { runtime } = placed;
await runtime.start({ mayListen: () => placed.settle() });
const { resourceMetrics } = await runtime.pipeline.producer.collect();
const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
parentPort.postMessage({
  isMember: placed.isMember,
  agent: runtime.pipeline.instruments.defaultAgent,
  endpoint: runtime.exporters.endpoint?.port,
  history: runtime.pipeline.options.history,
  system: metrics.map(({ descriptor }) => descriptor.name).filter((name) => name.startsWith("system.")),
});
parentPort.once("message", async () => {
  runtime.pipeline.instruments.recorder.openTask("mapper", "map")("success", 2);
  await runtime.pipeline.collect();
  await placed.leave();
  await runtime.shutdown();
  parentPort.postMessage("left");
});
