import { expect, it, onTestFinished } from "vitest";
import { type ShownSample, shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { live } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { packed } from "./harness/package-under-test.ts";

it("an agent of the Agent Client Protocol is observed, and its client sees the same", async () => {
  const installed = new InstalledApp("acp");
  onTestFinished(() => installed.remove());
  const how = { node: nodeOf(CURRENT), app: ["app.mjs"] };
  const bare = await live(installed.folder, { ...how, withUs: false });
  expect(installed.add(packed()).status).toBe(0);
  let shown: readonly ShownSample[] = [];
  const value = (metric: string, labels: Record<string, string> = {}): number | undefined =>
    shownValue([...shown], metric, { agent: "coder", ...labels });
  const isTold = (samples: readonly ShownSample[]): boolean => {
    shown = samples;
    return (
      value("ai_cloud_tokens_total", { token_type: "output" }) === 5 &&
      value("ai_cloud_cancelled_tasks_total") !== undefined
    );
  };
  const withUs = await live(installed.folder, { ...how, withUs: true, isTold });
  expect(bare.stdout).toContain(
    "sound end_turn 2\nsurvivor end_turn 6\nloop end_turn 14\nrefused refusal 14\n",
  );
  expect(bare.stdout).toContain("broken -32603 14\ncancelled cancelled 14\nframework end_turn 16\n");
  expect([withUs.exit, withUs.stdout]).toEqual([bare.exit, bare.stdout]);

  // Five turns have ended well. One of them is no task: an agent of the same name runs in it.
  expect(value("ai_cloud_completed_tasks_total")).toBe(5);
  expect(value("ai_cloud_failed_tasks_total")).toBe(2);
  expect(value("ai_cloud_cancelled_tasks_total")).toBe(1);
  expect(value("ai_cloud_completed_tasks_total", { agent: "writer" })).toBe(1);
  const failed = { task_type: "execute_tool edit", error_type: "tool_error" };
  expect(value("ai_cloud_retried_attempts_total", failed)).toBe(1);
  // The last tool of a turn is its success. Tools beside an agent of a framework are not counted.
  expect(value("ai_cloud_succeeded_attempts_total", { task_type: "execute_tool read" })).toBe(3);
  expect(value("ai_cloud_repeated_tool_calls_total", { tool: "read" })).toBe(2);
});
