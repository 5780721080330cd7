import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PiAgentObserver } from "../../../src/observe/pi-agent-core/pi-agent-core.ts";
import { WorkBench } from "../bench-of-work.ts";
import { FakeAgent } from "./fake-agent.ts";

const AGENT = "the-process";
let bench: WorkBench;
let observer: PiAgentObserver;

beforeEach(() => {
  bench = new WorkBench();
  observer = new PiAgentObserver(bench.work);
  observer.join(FakeAgent);
});
afterEach(() => observer.stop());

/** Runs an agent that emits these events. */
function emit(...events: object[]): Promise<void> {
  return new FakeAgent().runWithLifecycle(async (send) => {
    for (const event of events) await send(event);
  });
}

const answer = (more: object) => ({ type: "message_end", message: { role: "assistant", ...more } });
const over = { type: "agent_end", messages: [{ role: "assistant", stopReason: "stop" }] };

it("reports tokens with those of caches, and the cost by the prices of the framework", async () => {
  const usage = { input: 3, output: 5, cacheRead: 10, cacheWrite: 7, cost: { total: 0.25 } };
  const { consumption } = bench.harness.pipeline.instruments;
  const used = vi.spyOn(consumption, "tokensUsed");
  await emit({ type: "turn_start" }, answer({ model: "large", usage }), over);
  const tokens = { input: 20, output: 5, cachedInput: 10, cacheWrite: 7 };
  expect(used.mock.calls).toEqual([[AGENT, tokens, "large", "large", 0.25]]);
});

it("reports no cost of a model without a price", async () => {
  const used = vi.spyOn(bench.harness.pipeline.instruments.consumption, "tokensUsed");
  const usage = { input: 3, output: 5, cost: { total: 0 } };
  await emit({ type: "turn_start" }, answer({ model: "large", usage }), over);
  expect(used.mock.calls[0]?.[4]).toBeUndefined();
});

it("counts a tool that does not exist as a failed attempt without its name", async () => {
  const called = { toolCallId: "1", toolName: "made_up" };
  await emit(
    { type: "turn_start" },
    answer({ stopReason: "toolUse" }),
    { type: "tool_execution_start", ...called, args: {} },
    { type: "tool_execution_end", ...called, isError: true },
    { type: "turn_start" },
    answer({ stopReason: "stop" }),
    over,
  );
  expect(bench.of(AGENT)).toMatchObject({ completedTasks: 1, failureRate: 1 / 3 });
  expect(JSON.stringify(await bench.standard())).not.toContain("made_up");
});

it("passes the error of a run on, and counts the run as failed", async () => {
  const broken = new FakeAgent().runWithLifecycle(async () => {
    throw new RangeError("broken");
  });
  await expect(broken).rejects.toThrow("broken");
  expect(bench.of(AGENT)).toMatchObject({ failedTasks: 1, activeTasks: 0 });
});

it("lets the agent see the same events if one of them can't be read", async () => {
  const agent = new FakeAgent();
  const hostile = {
    type: "message_end",
    get message(): never {
      throw new Error("hostile");
    },
  };
  await agent.runWithLifecycle((send) => send(hostile));
  expect(agent.seen).toEqual(["message_end"]);
});
