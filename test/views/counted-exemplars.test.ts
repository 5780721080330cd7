import { context, ROOT_CONTEXT, TraceFlags, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exemplarOf } from "../../src/core/exemplar.ts";
import { Harness } from "../run/harness.ts";

beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

const SPAN_ID = "b7ad6b7169203331";
const traceId = (digit: string): string => digit.repeat(32);

/** Records a task in a trace of this one digit. */
function endTask(harness: Harness, digit: string, task: object = {}, traceFlags = TraceFlags.SAMPLED): void {
  const span = { traceId: traceId(digit), spanId: SPAN_ID, traceFlags };
  context.with(trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(span)), () => {
    harness.pipeline.instruments.recorder.recordTask({
      ...{ taskId: digit, agentName: "a", taskType: "t", success: true, executionTime: 1 },
      ...task,
    });
  });
}

/** The traces of the points of a metric, and the values of their exemplars. */
async function exemplarsOf(harness: Harness, metric: string): Promise<(readonly unknown[])[]> {
  const { resourceMetrics } = await harness.pipeline.producer.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  const points = metrics.flatMap(({ descriptor, dataPoints }): object[] =>
    descriptor.name === metric ? dataPoints : [],
  );
  return points.map((point) => {
    const { traceId: id, value } = exemplarOf(point) ?? {};
    return [id, value];
  });
}

it("the counters of tasks have the trace of one of their tasks, which counts 1", async () => {
  const harness = new Harness();
  await harness.ticks(1, () => {
    endTask(harness, "a", { executionTime: 5 });
    endTask(harness, "b", { success: false, errorType: "E" });
  });
  expect(await exemplarsOf(harness, "ai_cloud.completed_tasks")).toEqual([[traceId("a"), 1]]);
  expect(await exemplarsOf(harness, "ai_cloud.failed_tasks")).toEqual([[traceId("b"), 1]]);
  expect(await exemplarsOf(harness, "ai_cloud.completed_tasks_per_second")).toEqual([[undefined, undefined]]);
});

it("a counter keeps its trace until there is a newer one", async () => {
  const harness = new Harness();
  await harness.ticks(1, () => endTask(harness, "a", { executionTime: 5 }));
  await harness.ticks(1, () => endTask(harness, "b", {}, TraceFlags.NONE));
  expect(await exemplarsOf(harness, "ai_cloud.completed_tasks")).toEqual([[traceId("a"), 1]]);
  await harness.ticks(1, () => endTask(harness, "c"));
  expect(await exemplarsOf(harness, "ai_cloud.completed_tasks")).toEqual([[traceId("c"), 1]]);
});
