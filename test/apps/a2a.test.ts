import { expect, it, onTestFinished } from "vitest";
import { type ShownSample, shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { live } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { packed } from "./harness/package-under-test.ts";

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
  const installed = new InstalledApp("a2a");
  onTestFinished(() => installed.remove());
  const how = { node: nodeOf(CURRENT), app: ["app.mjs"] };
  const bare = await live(installed.folder, { ...how, withUs: false });
  expect(installed.add(packed()).status).toBe(0);
  let shown: readonly ShownSample[] = [];
  const value = (metric: string, labels: Record<string, string> = {}): number | undefined =>
    shownValue([...shown], metric, { agent: "translator", ...labels });
  const isTold = (samples: readonly ShownSample[]): boolean => {
    shown = samples;
    return (
      value("ai_cloud_failed_tasks_total") === 5 &&
      value("ai_cloud_tokens_total", { token_type: "output" }) === 5
    );
  };
  const withUs = await live(installed.folder, { ...how, withUs: true, isTold });
  expect(bare.stdout).toContain(STDOUT);
  expect([withUs.exit, withUs.stdout]).toEqual([bare.exit, bare.stdout]);

  // Five tasks have ended well. One of them is that of an agent of a framework with the same name.
  expect(value("ai_cloud_completed_tasks_total")).toBe(5);
  expect(value("ai_cloud_cancelled_tasks_total")).toBe(1);
  expect(value("ai_cloud_completed_tasks_total", { agent: "writer" })).toBe(1);
});
