import { Agent, run, setTraceProcessors, setTracingDisabled, type Tool, tool } from "@openai/agents";
import {
  assistantMessage,
  functionCall,
  modelError,
  modelResponder,
  modelResponse,
  ScriptedModel,
} from "@openai/agents-core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { OpenAiAgentsObserver } from "../../../src/telemetry/frameworks/openai-agents.ts";
import { WorkBench } from "./bench-of-work.ts";

type Step =
  NonNullable<ConstructorParameters<typeof ScriptedModel>[0]> extends Iterable<infer It> ? It : never;

let calls = 0;
const say = (text: string): Step => modelResponse([assistantMessage(text)]);
const call = (name: string, input = {}): Step => {
  calls += 1;
  return modelResponse([functionCall(name, input, { callId: `call-${calls}` })]);
};

function agent(name: string, steps: Step[], tools: Tool[] = []): Agent {
  return new Agent({ name, model: new ScriptedModel(steps), tools });
}

/** A tool that fails so many times before it works. */
function flaky(failures: number, errorFunction?: null): Tool {
  let left = failures;
  return tool({
    name: "search",
    description: "Searches.",
    parameters: z.object({}),
    ...(errorFunction === null ? { errorFunction } : {}),
    execute: async () => {
      left -= 1;
      if (left >= 0) throw new RangeError("not now");
      return "found";
    },
  });
}

describe("the OpenAI Agents SDK", () => {
  let bench: WorkBench;
  let observer: OpenAiAgentsObserver;

  beforeEach(() => {
    // The SDK switches its tracing off in tests; its own processor sends traces away.
    setTracingDisabled(false);
    setTraceProcessors([]);
    bench = new WorkBench();
    observer = new OpenAiAgentsObserver(bench.work);
    observer.start();
  });
  afterEach(() => observer.stop());

  it("shows a run of an agent as a task", async () => {
    let active = 0;
    const answer = modelResponder(() => {
      active = bench.of("researcher").activeTasks;
      bench.harness.world.millis += 2500;
      return [assistantMessage("done")];
    });
    expect((await run(agent("researcher", [answer]), "Go.")).finalOutput).toBe("done");
    expect(active).toBe(1);
    expect(bench.of("researcher")).toMatchObject({ completedTasks: 1, activeTasks: 0, successRate: 1 });
    expect(bench.of("researcher").latencyP50).toBeCloseTo(2.5, 1);
    expect(bench.agentNames).toEqual(["researcher"]);
  });

  it("counts a tool's failure that was survived as an attempt, and as recovered when the tool works", async () => {
    await run(agent("researcher", [call("search"), call("search"), say("done")], [flaky(1)]), "Go.");
    expect(bench.of("researcher")).toMatchObject({
      completedTasks: 1,
      failedTasks: 0,
      taskSuccessRate: 1,
      successRate: 0.5,
      recoveredFailures: 1,
      openFailures: [],
    });
  });

  it("counts the failure of a tool that ended the run as that alone", async () => {
    const failing = agent("researcher", [call("search"), say("done")], [flaky(1, null)]);
    await expect(run(failing, "Go.")).rejects.toThrow();
    await run(agent("researcher", [say("done")]), "Go.");
    expect(bench.of("researcher")).toMatchObject({ completedTasks: 1, failedTasks: 1, failureRate: 0.5 });
  });

  it("names what a provider failed with, and leaves it open until a run succeeds", async () => {
    await expect(run(agent("writer", [modelError(new RangeError("boom"))]), "Go.")).rejects.toThrow("boom");
    expect(bench.of("writer")).toMatchObject({
      failedTasks: 1,
      openFailures: [{ failureType: "invoke_agent" }],
    });
    await run(agent("writer", [say("done")]), "Go.");
    expect(bench.of("writer")).toMatchObject({ completedTasks: 1, recoveredFailures: 1, openFailures: [] });
  });

  it("counts an abort as cancelled", async () => {
    const giveUp = new AbortController();
    const waiting = modelResponder(
      () =>
        new Promise((_, reject) => {
          giveUp.signal.addEventListener("abort", () => reject(giveUp.signal.reason));
          giveUp.abort();
        }),
    );
    await expect(run(agent("waiter", [waiting]), "Go.", { signal: giveUp.signal })).rejects.toThrow();
    expect(bench.of("waiter")).toMatchObject({ cancelledTasks: 1, failedTasks: 0, openFailures: [] });
  });

  it("follows streams to their end, good or bad", async () => {
    const good = await run(agent("streamer", [say("done")]), "Go.", { stream: true });
    for await (const _ of good);
    await good.completed;
    expect(bench.of("streamer")).toMatchObject({ completedTasks: 1, failedTasks: 0 });
    const bad = await run(agent("streamer", [modelError(new RangeError("boom"))]), "Go.", { stream: true });
    await expect(bad.completed).rejects.toThrow("boom");
    await bench.settled("streamer");
    expect(bench.of("streamer")).toMatchObject({ completedTasks: 1, failedTasks: 1 });
  });

  it("tells two agents apart that run at once", async () => {
    await Promise.allSettled([
      run(agent("one", [call("search"), say("done")], [flaky(1)]), "Go."),
      run(agent("two", [modelError(new TypeError("boom"))]), "Go."),
      run(agent("one", [say("done")]), "Go."),
    ]);
    expect(bench.of("one")).toMatchObject({ completedTasks: 2, failedTasks: 0, successRate: 2 / 3 });
    expect(bench.of("two")).toMatchObject({ completedTasks: 0, failedTasks: 1 });
  });

  it("shows the agent that took over, and the one that is another's tool", async () => {
    const second = agent("second", [say("done")]);
    const first = Agent.create({
      name: "first",
      model: new ScriptedModel([call("transfer_to_second")]),
      handoffs: [second],
    });
    await run(first, "Go.");
    const expert = agent("expert", [modelError(new RangeError("boom"))]).asTool({
      toolName: "ask",
      toolDescription: "Asks.",
    });
    await run(agent("manager", [call("ask", { input: "?" }), say("done")], [expert]), "Go.");
    expect(bench.agentNames).toEqual(["expert", "first", "manager", "second"]);
    expect(bench.of("expert").failedTasks).toBe(1);
    expect(bench.of("manager")).toMatchObject({ completedTasks: 1, failedTasks: 0, successRate: 0.5 });
  });

  it("goes on beside processors that the application sets later", async () => {
    const theirs = {
      onTraceStart: vi.fn(async () => {}),
      onTraceEnd: async () => {},
      onSpanStart: async () => {},
      onSpanEnd: async () => {},
      shutdown: async () => {},
      forceFlush: async () => {},
    };
    setTraceProcessors([theirs]);
    await run(agent("researcher", [say("done")]), "Go.");
    expect(theirs.onTraceStart).toHaveBeenCalledOnce();
    expect(bench.of("researcher").completedTasks).toBe(1);
  });

  it("is left alone once we stop", async () => {
    observer.stop();
    setTraceProcessors([]);
    await run(agent("researcher", [say("done")]), "Go.");
    expect(bench.agentNames).toEqual([]);
  });
});
