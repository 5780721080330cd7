import { expect, it } from "vitest";
import { type ShownSample, shownValue } from "../e2e/harness/exposition.ts";
import { expectObserved, type ShownOf } from "./harness/observed-app.ts";
import { npm, type PackageManager } from "./harness/package-managers.ts";

/** The optional packages of the SDK are Claude Code itself, for each platform. */
const withoutClaudeCode: PackageManager = {
  install: [...npm.install, "--omit=optional"],
  add: [...npm.add, "--omit=optional"],
};

it("agents of the Claude Agent SDK are observed, and the app sees of its queries what it sees without us", async () => {
  const expectShown = (value: ShownOf, shown: readonly ShownSample[]): void => {
    const counts = (agent: string): (number | undefined)[] =>
      ["completed", "failed", "cancelled"].map((how) => value(`ai_cloud_${how}_tasks_total`, agent) ?? 0);
    const endings: Record<string, number[]> = {
      sound: [1, 0, 0],
      core: [1, 0, 0],
      survivor: [1, 0, 0],
      asking: [1, 0, 0],
      limited: [0, 1, 0],
      refused: [0, 1, 0],
      crashed: [0, 1, 0],
      denied: [1, 0, 0],
      hooked: [1, 0, 0],
      leader: [1, 0, 0],
      researcher: [1, 0, 0],
      parted: [1, 0, 0],
      writer: [2, 0, 0],
      partial: [1, 0, 0],
      streaming: [2, 0, 0],
      resumed: [2, 0, 0],
      anew: [2, 0, 0],
      aborted: [0, 0, 1],
      broken: [0, 0, 1],
      closed: [0, 0, 1],
      interrupted: [0, 0, 1],
      "looked at": [0, 0, 1],
      warm: [1, 0, 0],
      "at once": [2, 0, 0],
    };
    expect(Object.fromEntries(Object.keys(endings).map((agent) => [agent, counts(agent)]))).toEqual(endings);
    // Each turn uses 16 tokens of input, of which 4 came from a cache and 2 went there, 5 of output, and a cent.
    for (const [agent, turns] of [
      ["sound", 1],
      ["streaming", 2],
      ["resumed", 2],
      ["anew", 2],
      ["warm", 1],
    ] as const) {
      expect(value("ai_cloud_tokens_total", agent, { token_type: "input" }), agent).toBe(16 * turns);
      expect(value("ai_cloud_tokens_total", agent, { token_type: "output" }), agent).toBe(5 * turns);
      expect(value("ai_cloud_model_cost_total", agent, { model: "claude-large" }), agent).toBeCloseTo(
        0.01 * turns,
      );
    }
    // A hook has used 100 tokens of another model: they count for the agent. So many of the
    // app's own loop count for the process.
    expect(value("ai_cloud_tokens_total", "asking", { token_type: "input" })).toBe(116);
    const small = shown.filter(
      ({ name, labels: { model, token_type: type } }) =>
        name === "ai_cloud_model_tokens_total" && model === "small" && type === "input",
    );
    expect(small.filter(({ labels }) => labels.agent === "asking").map(({ value }) => value)).toEqual([100]);
    expect(small.map(({ value }) => value)).toEqual([100, 100]);
    const failedWith = (agent: string, errorType: string): number | undefined =>
      value("ai_cloud_task_duration_seconds_count", agent, {
        task_type: "invoke_agent",
        error_type: errorType,
      });
    expect(failedWith("limited", "error_max_turns")).toBe(1);
    expect(failedWith("refused", "rate_limit")).toBe(1);
    const retried = (agent: string, taskType: string, errorType: string): number | undefined =>
      value("ai_cloud_retried_attempts_total", agent, { task_type: taskType, error_type: errorType });
    expect(retried("survivor", "execute_tool Read", "RangeError")).toBe(1);
    expect(retried("denied", "execute_tool Bash", "permission_denied")).toBe(1);
    expect(retried("hooked", "execute_tool Bash", "permission_denied")).toBe(1);
    // Each of them has answered once, which is its end.
    const attempted = { task_type: "chat" };
    expect(value("ai_cloud_succeeded_attempts_total", "writer", attempted)).toBeUndefined();
    const ofModel = { model: "claude-large" };
    expect(value("ai_cloud_first_token_duration_seconds_sum", "partial", ofModel)).toBe(0.25);
    const ofSubagent = { gen_ai_agent_name: "researcher", gen_ai_tool_name: "Grep" };
    expect(shownValue(shown, "gen_ai_execute_tool_duration_seconds_count", ofSubagent)).toBe(1);
    const labels = JSON.stringify(shown.map((sample) => sample.labels));
    expect(labels).not.toMatch(/secret|1111|2222|agent-1|call-/);
  };
  const bare = await expectObserved("claude-agent-sdk", expectShown, withoutClaudeCode);
  expect(bare.stdout).toContain("sound init,assistant,assistant,success\n");
  expect(bare.stdout).toContain("aborted init,assistant,AbortError\n");
});
