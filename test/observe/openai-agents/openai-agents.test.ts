import {
  Agent,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  run,
  setTraceProcessors,
  setTracingDisabled,
  type Tool,
  tool,
  Usage,
  withGenerationSpan,
} from "@openai/agents";
import {
  assistantMessage,
  functionCall,
  modelError,
  modelResponder,
  modelResponse,
  ScriptedModel,
} from "@openai/agents-core/testing";
import { diag } from "@opentelemetry/api";
import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { OpenAiAgentsObserver } from "../../../src/observe/openai-agents/openai-agents.ts";
import { WorkBench } from "../bench-of-work.ts";
import { OpenAiServer } from "./openai-server.ts";

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

  it("counts a failed tool of a run that goes on as a failed attempt, and its next success as a recovery", async () => {
    await run(agent("researcher", [call("search"), call("search"), say("done")], [flaky(1)]), "Go.");
    expect(bench.of("researcher")).toMatchObject({
      completedTasks: 1,
      failedTasks: 0,
      taskSuccessRate: 1,
      successRate: 4 / 5,
      recoveredFailures: 1,
      openFailures: [],
    });
  });

  it("counts the failure of a tool that ended the run only as the failure of the run", async () => {
    const failing = agent("researcher", [call("search"), say("done")], [flaky(1, null)]);
    await expect(run(failing, "Go.")).rejects.toThrow();
    await run(agent("researcher", [say("done")]), "Go.");
    expect(bench.of("researcher")).toMatchObject({ completedTasks: 1, failedTasks: 1, failureRate: 1 / 3 });
  });

  it("reports tokens, and the calls of models and tools", async () => {
    const usage = () => new Usage({ requests: 1, inputTokens: 30, outputTokens: 4, totalTokens: 34 });
    const steps = [
      modelResponse({ output: [functionCall("search", {}, { callId: "call" })], usage: usage() }),
      modelResponse({ output: [assistantMessage("done")], usage: usage() }),
    ];
    await run(agent("researcher", steps, [flaky(0)]), "Go.");
    expect(bench.of("researcher").resourceConsumption).toEqual({ input_tokens: 60, output_tokens: 8 });
    const ofAgent = { "gen_ai.agent.name": "researcher" };
    const call = { "gen_ai.request.model": "unknown", "gen_ai.provider.name": "unknown" };
    expect(await bench.standard()).toMatchObject({
      gen_ai_invoke_agent_duration_seconds: [{ ...ofAgent, count: 1 }],
      gen_ai_invoke_agent_inference_calls: [{ ...ofAgent, count: 1, sum: 2 }],
      gen_ai_invoke_agent_tool_calls: [{ ...ofAgent, count: 1, sum: 1 }],
      gen_ai_execute_tool_duration_seconds: [{ ...ofAgent, "gen_ai.tool.name": "search", count: 1 }],
      gen_ai_client_token_usage: [
        { ...call, "gen_ai.token.type": "input", count: 2, sum: 60 },
        { ...call, "gen_ai.token.type": "output", count: 2, sum: 8 },
      ],
    });
  });

  it("has no open model call while its tool runs", async () => {
    const asking: unknown[] = [];
    const look = () => asking.push(bench.frameworkReports.agentThatAsked(undefined));
    const peek = tool({
      name: "peek",
      description: "Looks.",
      parameters: z.object({}),
      execute: async () => String(look()),
    });
    const usage = () => new Usage({ requests: 1, inputTokens: 30, outputTokens: 4, totalTokens: 34 });
    const steps = [
      modelResponse({ output: [functionCall("peek", {}, { callId: "call" })], usage: usage() }),
      modelResponse({ output: [assistantMessage("done")], usage: usage() }),
    ];
    await run(agent("researcher", steps, [peek]), "Go.");
    expect(asking).toEqual([undefined]);
  });

  describe("with OpenAI's own models, served locally", () => {
    let server: OpenAiServer;
    beforeEach(async () => {
      server = await OpenAiServer.start();
    });
    afterEach(() => server.stop());

    it.for([
      { protocol: "responses", provider: "openai" },
      { protocol: "chat completions", provider: "unknown" },
    ] as const)("tells which model answered by $protocol, and its tokens", async ({ protocol, provider }) => {
      const client = new OpenAI({ baseURL: server.url, apiKey: "none", maxRetries: 0 });
      const model =
        protocol === "responses"
          ? new OpenAIResponsesModel(client, "small")
          : new OpenAIChatCompletionsModel(client, "small");
      await run(new Agent({ name: "researcher", model }), "Go.");
      for await (const _ of await run(new Agent({ name: "researcher", model }), "Go.", { stream: true }));
      await bench.settled("researcher");
      expect(bench.of("researcher")).toMatchObject({ completedTasks: 2, failedTasks: 0 });
      expect(bench.of("researcher").resourceConsumption).toEqual({ input_tokens: 60, output_tokens: 8 });
      const call = { "gen_ai.request.model": "small", "gen_ai.provider.name": provider };
      expect(await bench.standard()).toMatchObject({
        gen_ai_invoke_agent_inference_calls: [{ count: 2, sum: 2 }],
        gen_ai_client_token_usage: [
          { ...call, "gen_ai.token.type": "input", sum: 60 },
          { ...call, "gen_ai.token.type": "output", sum: 8 },
        ],
      });
    });

    it.for(["responses", "chat completions", "another make"])(
      "counts the tokens of an agent that is a tool of another once, models by $0",
      async (protocol) => {
        const client = new OpenAI({ baseURL: server.url, apiKey: "none", maxRetries: 0 });
        const usage = () => new Usage({ requests: 1, inputTokens: 30, outputTokens: 4, totalTokens: 34 });
        const answer = (output: ReturnType<typeof assistantMessage | typeof functionCall>[]) =>
          modelResponse({ output, usage: usage() });
        const expertModel =
          protocol === "responses"
            ? new OpenAIResponsesModel(client, "small")
            : protocol === "chat completions"
              ? new OpenAIChatCompletionsModel(client, "small")
              : new ScriptedModel([answer([assistantMessage("done")])]);
        const asTool = { toolName: "ask", toolDescription: "Asks." };
        const expert = new Agent({ name: "expert", model: expertModel }).asTool(asTool);
        const between = new Agent({
          name: "between",
          tools: [expert],
          model: new ScriptedModel([
            answer([functionCall("ask", { input: "?" }, { callId: "between" })]),
            answer([assistantMessage("done")]),
          ]),
        }).asTool(asTool);
        const manager = new Agent({
          name: "manager",
          tools: [between],
          model: new ScriptedModel([
            answer([functionCall("ask", { input: "?" }, { callId: "manager" })]),
            answer([assistantMessage("done")]),
          ]),
        });
        await run(manager, "Go.");
        const one = { input_tokens: 30, output_tokens: 4 };
        const two = { input_tokens: 60, output_tokens: 8 };
        expect(bench.of("expert").resourceConsumption).toEqual(one);
        expect(bench.of("between").resourceConsumption).toEqual(two);
        expect(bench.of("manager").resourceConsumption).toEqual(two);
      },
    );

    it("reports tokens if the application has no spans of turns", async () => {
      const client = new OpenAI({ baseURL: server.url, apiKey: "none", maxRetries: 0 });
      const model = new OpenAIResponsesModel(client, "small");
      const tracing = { includeTaskAndTurnSpans: false };
      await run(new Agent({ name: "researcher", model }), "Go.", { tracing });
      expect(bench.of("researcher").resourceConsumption).toEqual({ input_tokens: 30, output_tokens: 4 });
    });

    it("reports the error of the server", async () => {
      server.status = 429;
      const client = new OpenAI({ baseURL: server.url, apiKey: "none", maxRetries: 0 });
      const model = new OpenAIResponsesModel(client, "small");
      await expect(run(new Agent({ name: "researcher", model }), "Go.")).rejects.toThrow("429");
      expect(bench.of("researcher")).toMatchObject({
        completedTasks: 0,
        failedTasks: 1,
        failureRate: 1,
        openFailures: [{ failureType: "chat" }, { failureType: "invoke_agent" }],
      });
      expect(bench.frameworkReports.reportsTokensOf("researcher")).toBe(true);
      server.status = 200;
      await run(new Agent({ name: "researcher", model }), "Go.");
      expect(bench.of("researcher")).toMatchObject({
        successRate: 0.5,
        recoveredFailures: 2,
        openFailures: [],
      });
    });
  });

  it("is not observed in an unknown version, with one log line", () => {
    const info = vi.spyOn(diag, "info");
    const PROVIDER = Symbol.for("openai.agents.core.traceProvider");
    const holder = globalThis as { [PROVIDER]?: unknown };
    const before = holder[PROVIDER];
    holder[PROVIDER] = {};
    const other = new OpenAiAgentsObserver(bench.work);
    other.start();
    other.stop();
    holder[PROVIDER] = before;
    expect(info.mock.calls).toEqual([
      ["otel-forecast: this version of the OpenAI Agents SDK is not known, its agents are not observed"],
    ]);
    info.mockRestore();
  });

  it("reports the error of a provider, and leaves the failure open until a run succeeds", async () => {
    await expect(run(agent("writer", [modelError(new RangeError("boom"))]), "Go.")).rejects.toThrow("boom");
    expect(bench.of("writer")).toMatchObject({
      failedTasks: 1,
      openFailures: [{ failureType: "invoke_agent" }],
    });
    await run(agent("writer", [say("done")]), "Go.");
    expect(bench.of("writer")).toMatchObject({ completedTasks: 1, recoveredFailures: 1, openFailures: [] });
    expect((await bench.standard()).gen_ai_invoke_agent_inference_calls).toMatchObject([
      { count: 2, sum: 2 },
    ]);
  });

  it("counts a model call that failed, and was made again, as a failed attempt that was recovered from", async () => {
    const answers = [new RangeError("boom"), undefined];
    const answer = modelResponder(async () => {
      while (answers.length > 0) {
        const error = answers.shift();
        const asked = withGenerationSpan(async () => {
          if (error !== undefined) throw error;
        });
        await asked.catch(() => {});
      }
      return { output: [assistantMessage("done")], usage: new Usage() };
    });
    await run(agent("writer", [answer]), "Go.");
    expect(bench.of("writer")).toMatchObject({
      completedTasks: 1,
      successRate: 0.5,
      recoveredFailures: 1,
      openFailures: [],
    });
  });

  it("counts a model that reported tokens as answered, whatever its span contains", async () => {
    const usage = new Usage({ requests: 1, inputTokens: 30, outputTokens: 4, totalTokens: 34 });
    const answer = modelResponder(() =>
      withGenerationSpan(async ({ spanData }) => {
        spanData.input = [{ content: "Go." }];
        return { output: [assistantMessage("done")], usage };
      }),
    );
    await run(agent("researcher", [answer]), "Go.");
    expect(bench.of("researcher")).toMatchObject({ completedTasks: 1, cancelledTasks: 0 });
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

  it("keeps two concurrent agents apart", async () => {
    await Promise.allSettled([
      run(agent("one", [call("search"), say("done")], [flaky(1)]), "Go."),
      run(agent("two", [modelError(new TypeError("boom"))]), "Go."),
      run(agent("one", [say("done")]), "Go."),
    ]);
    expect(bench.of("one")).toMatchObject({ completedTasks: 2, failedTasks: 0, successRate: 3 / 4 });
    expect(bench.of("two")).toMatchObject({ completedTasks: 0, failedTasks: 1 });
  });

  it("counts a run that stops to ask a person as ended, and its continuation as another", async () => {
    const deleting = tool({
      name: "delete",
      description: "Deletes.",
      parameters: z.object({}),
      needsApproval: true,
      execute: async () => "deleted",
    });
    for (const answer of ["approve", "reject"] as const) {
      const asking = agent(answer, [call("delete"), say("done")], [deleting]);
      const { state, interruptions } = await run(asking, "Go.");
      expect(bench.of(answer)).toMatchObject({ completedTasks: 1, activeTasks: 0, successRate: 1 });
      for (const interruption of interruptions) state[answer](interruption);
      await run(asking, state);
    }
    const both = { completedTasks: 2, failedTasks: 0, cancelledTasks: 0 };
    expect(bench.of("approve")).toMatchObject({ ...both, successRate: 1, openFailures: [] });
    expect(bench.of("reject")).toMatchObject({
      ...both,
      successRate: 2 / 3,
      openFailures: [{ failureType: "execute_tool delete" }],
    });
    const { gen_ai_execute_tool_duration_seconds: tools } = await bench.standard();
    expect(tools).toContainEqual(
      expect.objectContaining({ "gen_ai.agent.name": "reject", "error.type": "tool_error", count: 1 }),
    );
  });

  it("shows an agent that took over, and one that is a tool of another", async () => {
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
    expect(bench.of("manager")).toMatchObject({ completedTasks: 1, failedTasks: 0, successRate: 2 / 3 });
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

  it("is not observed after the stop", async () => {
    observer.stop();
    setTraceProcessors([]);
    await run(agent("researcher", [say("done")]), "Go.");
    expect(bench.agentNames).toEqual([]);
  });
});
