import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WorkflowAgentObserver } from "../../../src/observe/ai-sdk/workflow-agent.ts";
import { WorkBench } from "../bench-of-work.ts";
import { emit } from "./fake-workflow-agent.ts";

let bench: WorkBench;
let observer: WorkflowAgentObserver;

beforeEach(() => {
  bench = new WorkBench();
  observer = new WorkflowAgentObserver(bench.work);
  observer.start();
});
afterEach(() => observer.stop());

const of = (functionId: string) => ({ callId: "workflow-agent", functionId });
const toolCall = { toolCallId: "a-call-id", toolName: "weather", input: {} };
const usage = { inputTokens: 10, outputTokens: 5 };
const asked = { modelId: "small", provider: "fake.chat" };

function modelAnswers(functionId: string): void {
  emit("onLanguageModelCallStart", { ...of(functionId), ...asked });
  emit("onLanguageModelCallEnd", { ...of(functionId), modelId: "unknown", provider: "unknown", usage });
}

const ended = (completedTasks: number, failedTasks = 0) => ({ completedTasks, failedTasks, activeTasks: 0 });

it("a run is a task, with its tools, its models and their tokens", async () => {
  const used = vi.spyOn(bench.harness.pipeline.instruments.consumption, "tokensUsed");
  emit("onStart", of("planner"));
  modelAnswers("planner");
  emit("onToolExecutionStart", { functionId: "planner", toolCall });
  emit("onToolExecutionEnd", { functionId: "planner", toolCall, success: false, error: "a secret text" });
  emit("onToolExecutionStart", { functionId: "planner", toolCall });
  emit("onToolExecutionEnd", { functionId: "planner", toolCall, success: true });
  modelAnswers("planner");
  emit("onEnd", of("planner"));
  expect(bench.of("planner")).toMatchObject({ ...ended(1), recoveredFailures: 1 });
  expect(used.mock.calls[0]).toEqual([
    "planner",
    { input: 10, output: 5, cachedInput: 0 },
    "small",
    "small",
    undefined,
  ]);
  const standard = JSON.stringify(await bench.standard());
  expect(standard).toContain('"error.type":"tool_error"');
  expect(standard).not.toMatch(/secret|a-call-id/);
});

it("a run that fails is a failure, with the class of its error", async () => {
  emit("onStart", of("planner"));
  emit("onLanguageModelCallStart", { ...of("planner"), ...asked });
  emit("onError", Object.assign(new TypeError("no model"), { functionId: "planner" }));
  expect(bench.of("planner")).toMatchObject(ended(0, 1));
  expect(JSON.stringify(await bench.standard())).toContain('"error.type":"TypeError"');
});

it("runs with different names at once are told apart, and runs with the same name are counted", () => {
  for (const name of ["planner", "planner", "writer"]) emit("onStart", of(name));
  emit("onEnd", of("planner"));
  expect(bench.of("planner")).toMatchObject({ completedTasks: 1, activeTasks: 1 });
  emit("onError", Object.assign(new RangeError(""), { functionId: "writer" }));
  emit("onEnd", of("planner"));
  expect(bench.of("planner")).toMatchObject(ended(2));
  expect(bench.of("writer")).toMatchObject(ended(0, 1));
});

it("tools of several runs with the same name at once are no repetitions", async () => {
  const repetitions = async () => {
    await bench.harness.ticks(1);
    return (await bench.harness.shown()).get("ai_cloud_repeated_tool_calls_total")?.map(({ value }) => value);
  };
  const calls = (times: number): void => {
    for (let call = 0; call < times; call += 1) {
      emit("onToolExecutionStart", { functionId: "planner", toolCall });
      emit("onToolExecutionEnd", { functionId: "planner", toolCall, success: true });
    }
  };
  for (const _ of [1, 2]) emit("onStart", of("planner"));
  calls(3);
  emit("onEnd", of("planner"));
  calls(2);
  expect(await repetitions()).toEqual([0]);
  calls(1);
  expect(await repetitions()).toEqual([1]);
});

it("a model whose stream breaks off has failed, and its run with it", async () => {
  emit("onStart", of("planner"));
  emit("onLanguageModelCallStart", { ...of("planner"), ...asked });
  emit("onLanguageModelCallEnd", { ...of("planner"), ...asked, finishReason: "error", usage });
  emit("onError", Object.assign(new TypeError("no model"), { functionId: "planner" }));
  expect(bench.of("planner")).toMatchObject({ ...ended(0, 1), resourceConsumption: { input_tokens: 10 } });
  await bench.harness.ticks(1);
  expect((await bench.harness.shown()).get("ai_cloud_succeeded_attempts_total") ?? []).toEqual([]);
});

it("leaves the events of other operations alone", () => {
  emit("onStart", { callId: "1", functionId: "writer" });
  emit("onStart", of("planner"));
  emit("onLanguageModelCallStart", { callId: "1", functionId: "planner" });
  emit("onEnd", { callId: "1", functionId: "planner" });
  expect(bench.agentNames).toEqual(["planner"]);
  expect(bench.of("planner")).toMatchObject({ completedTasks: 0, activeTasks: 1 });
});

it("an event that can't be read changes nothing for the agent", () => {
  const hostile = {
    get callId(): never {
      throw new Error("hostile");
    },
  };
  expect(() => emit("onStart", hostile)).not.toThrow();
});

const registered = () =>
  (globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: object[] }).AI_SDK_TELEMETRY_INTEGRATIONS?.length ?? 0;

it("takes no part in calls of an SDK that is loaded without what such agents need", async () => {
  expect(registered()).toBe(1);
  await import("ai");
  expect(registered()).toBe(0);
  await import("ai/internal");
  expect(registered()).toBe(1);
});
