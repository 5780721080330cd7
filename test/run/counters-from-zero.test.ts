import { expect, it } from "vitest";
import { Harness } from "./harness.ts";

const TASK = { taskId: "1", agentName: "a", taskType: "t" };
const AGENT = { agent: "a" };

it("the counters of an agent's tasks begin at 0 with its first task, so that the first failure is an increase", async () => {
  const harness = new Harness();
  const { recorder } = harness.pipeline.instruments;
  const counts = async (): Promise<unknown[]> => [
    await harness.value("ai_cloud_completed_tasks_total", AGENT),
    await harness.value("ai_cloud_failed_tasks_total", AGENT),
  ];
  await harness.ticks();
  expect(await counts()).toEqual([undefined, undefined]);
  await harness.ticks(1, () => recorder.startTask(TASK));
  expect(await counts()).toEqual([0, 0]);
  expect(await harness.value("ai_cloud_task_success_rate", AGENT)).toBeUndefined();
  expect(await harness.value("ai_cloud_latency_p95_seconds", AGENT)).toBeUndefined();
  expect(await harness.value("ai_cloud_task_duration_seconds", AGENT)).toBeUndefined();
  await harness.ticks(1, () => recorder.recordTask({ ...TASK, success: false, executionTime: 3 }));
  expect(await counts()).toEqual([0, 1]);
});
