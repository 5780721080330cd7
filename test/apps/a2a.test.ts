import { expect, it } from "vitest";
import { expectObserved } from "./harness/observed-app.ts";

const STDOUT = `SendMessage completed TASK_STATE_COMPLETED
SendMessage failed TASK_STATE_FAILED
SendMessage canceled TASK_STATE_CANCELED
SendMessage rejected TASK_STATE_REJECTED
SendMessage asking TASK_STATE_INPUT_REQUIRED
SendMessage broken TASK_STATE_FAILED
SendMessage framework TASK_STATE_COMPLETED
SendMessage sameName TASK_STATE_COMPLETED
SendStreamingMessage completed TASK_STATE_SUBMITTED,TASK_STATE_COMPLETED
SendStreamingMessage failed TASK_STATE_SUBMITTED,TASK_STATE_FAILED
SendStreamingMessage broken TASK_STATE_SUBMITTED,TASK_STATE_FAILED
`;

it("an agent of Agent2Agent is observed, and its client sees the same", async () => {
  const bare = await expectObserved("a2a", (value) => {
    const translator = (metric: string, labels = {}) => value(metric, "translator", labels);
    // Five tasks have ended well. One of them is that of an agent of a framework with the same name.
    expect(translator("ai_cloud_completed_tasks_total")).toBe(5);
    expect(translator("ai_cloud_failed_tasks_total")).toBe(5);
    expect(translator("ai_cloud_tokens_total", { token_type: "output" })).toBe(5);
    expect(translator("ai_cloud_cancelled_tasks_total")).toBe(1);
    expect(value("ai_cloud_completed_tasks_total", "writer")).toBe(1);
  });
  expect(bare.stdout).toContain(STDOUT);
});
