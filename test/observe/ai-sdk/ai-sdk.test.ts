import { tracingChannel } from "node:diagnostics_channel";
import { diag } from "@opentelemetry/api";
import { APICallError, generateText, stepCountIs, streamText, ToolLoopAgent, tool } from "ai";
import { MockLanguageModelV4, simulateReadableStream } from "ai/test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { VercelAiObserver } from "../../../src/observe/ai-sdk/ai-sdk.ts";
import { WorkBench } from "../bench-of-work.ts";

type Answer = Awaited<ReturnType<MockLanguageModelV4["doGenerate"]>>;
type Part =
  Awaited<ReturnType<MockLanguageModelV4["doStream"]>>["stream"] extends ReadableStream<infer It>
    ? It
    : never;

const usage = {
  inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};
const stop = { unified: "stop", raw: undefined } as const;
const text: Answer = { content: [{ type: "text", text: "done" }], finishReason: stop, usage, warnings: [] };
const parts: Part[] = [
  { type: "stream-start", warnings: [] },
  { type: "text-start", id: "1" },
  { type: "text-delta", id: "1", delta: "do" },
  { type: "text-delta", id: "1", delta: "ne" },
  { type: "text-end", id: "1" },
  { type: "finish", finishReason: stop, usage },
];

let calls = 0;

function callOf(toolName: string): Answer {
  calls += 1;
  const content = [{ type: "tool-call" as const, toolCallId: `call-${calls}`, toolName, input: "{}" }];
  return { content, finishReason: { unified: "tool-calls", raw: undefined }, usage, warnings: [] };
}

/** A model that gives these answers one after the other; an error among them is thrown. */
function answering(...answers: (Answer | Error)[]): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    doGenerate: async () => {
      const answer = answers.shift();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no answer left");
      return answer;
    },
  });
}

function streaming(chunks: Part[], chunkDelayInMs: number | null = null): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    doStream: async () => ({ stream: simulateReadableStream({ chunks, chunkDelayInMs }) }),
  });
}

/** A tool that fails so many times before it works. */
function flaky(failures: number) {
  let left = failures;
  return tool({
    inputSchema: z.object({}),
    execute: async () => {
      left -= 1;
      if (left >= 0) throw new RangeError("not now");
      return "found";
    },
  });
}

const quiet = { maxRetries: 0, prompt: "Go." };

describe("the AI SDK", () => {
  let bench: WorkBench;
  let observer: VercelAiObserver;

  beforeEach(() => {
    bench = new WorkBench();
    observer = new VercelAiObserver(bench.work);
    observer.start();
  });
  afterEach(() => observer.stop());

  it("shows a run of an agent as a task", async () => {
    let active = 0;
    const model = new MockLanguageModelV4({
      doGenerate: async () => {
        active = bench.of("researcher").activeTasks;
        bench.harness.world.millis += 2500;
        return text;
      },
    });
    const agent = new ToolLoopAgent({ model, telemetry: { functionId: "researcher" } });
    expect((await agent.generate({ prompt: "Go." })).text).toBe("done");
    expect(active).toBe(1);
    const performance = bench.of("researcher");
    expect(performance).toMatchObject({ completedTasks: 1, failedTasks: 0, activeTasks: 0, successRate: 1 });
    expect(performance.latencyP50).toBeCloseTo(2.5, 1);
    expect(Object.keys(performance.byTaskType)).toEqual(["invoke_agent"]);
    expect(bench.agentNames).toEqual(["researcher"]);
  });

  it("counts a failed tool of a run that goes on as a failed attempt, and its next success as a recovery", async () => {
    const { text: answer } = await generateText({
      ...quiet,
      model: answering(callOf("search"), callOf("search"), text),
      tools: { search: flaky(1) },
      stopWhen: stepCountIs(5),
      telemetry: { functionId: "researcher" },
    });
    expect(answer).toBe("done");
    expect(bench.of("researcher")).toMatchObject({
      completedTasks: 1,
      failedTasks: 0,
      taskSuccessRate: 1,
      successRate: 4 / 5,
      recoveredFailures: 1,
      openFailures: [],
    });
  });

  it.each([
    ["for a tool that does not exist", "made_up", "{}", "execute_tool unknown", "AI_NoSuchToolError"],
    ["with an input that does not fit", "search", "[]", "execute_tool search", "AI_InvalidToolInputError"],
    ["with an input that is no JSON", "search", "{", "execute_tool search", "AI_InvalidToolInputError"],
  ])("counts a call %s as a failed attempt, streamed or not", async (_, name, input, type, error) => {
    const asked = { type: "tool-call" as const, toolCallId: "refused", toolName: name, input };
    const calling = { unified: "tool-calls", raw: undefined } as const;
    const run = {
      ...quiet,
      tools: { search: flaky(0) },
      stopWhen: stepCountIs(5),
      telemetry: { functionId: "researcher" },
    };
    const first: Answer = { content: [asked], finishReason: calling, usage, warnings: [] };
    await generateText({ ...run, model: answering(first, callOf("search"), text) });
    const streams: Part[][] = [[asked, { type: "finish", finishReason: calling, usage }], parts];
    const model = new MockLanguageModelV4({
      doStream: async () => ({ stream: simulateReadableStream({ chunks: streams.shift() ?? [] }) }),
    });
    await streamText({ ...run, model }).consumeStream();
    await bench.settled("researcher");
    // Of the first run three models, a tool and its task; of the second two models and its task.
    const succeeded = 2 + 1 + 1 + (1 + 1);
    expect(bench.of("researcher")).toMatchObject({
      completedTasks: 2,
      successRate: succeeded / (succeeded + 2),
    });
    await bench.harness.ticks(1);
    const labels = { agent: "researcher", task_type: type, error_type: error };
    expect(await bench.harness.value("ai_cloud_retried_attempts_total", labels)).toBe(2);
  });

  it("reports tokens, and the calls of models and tools", async () => {
    await generateText({
      ...quiet,
      model: answering(callOf("search"), callOf("search"), text),
      tools: { search: flaky(1) },
      stopWhen: stepCountIs(5),
      telemetry: { functionId: "writer" },
    });
    expect(bench.of("writer").resourceConsumption).toEqual({ input_tokens: 9, output_tokens: 15 });
    expect(bench.frameworkReports.reportsTokensOf("writer")).toBe(true);
    const agent = { "gen_ai.agent.name": "writer" };
    const model = {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "mock-model-id",
      "gen_ai.provider.name": "mock-provider",
    };
    const tool = { ...agent, "gen_ai.tool.name": "search", count: 1 };
    expect(await bench.standard()).toMatchObject({
      gen_ai_invoke_agent_duration_seconds: [{ ...agent, "gen_ai.operation.name": "invoke_agent", count: 1 }],
      gen_ai_invoke_agent_inference_calls: [{ ...agent, count: 1, sum: 3 }],
      gen_ai_invoke_agent_tool_calls: [{ ...agent, count: 1, sum: 2 }],
      gen_ai_execute_tool_duration_seconds: [{ ...tool, "error.type": "RangeError" }, tool],
      gen_ai_client_token_usage: [
        { ...model, "gen_ai.token.type": "input", count: 3, sum: 9 },
        { ...model, "gen_ai.token.type": "output", count: 3, sum: 15 },
      ],
    });
  });

  it("reports tokens once if a call has its own integrations, or does not record outputs", async () => {
    const model = () => answering(text);
    await generateText({ ...quiet, model: model(), telemetry: { functionId: "own", integrations: [{}] } });
    await generateText({
      ...quiet,
      model: model(),
      telemetry: { functionId: "closed", recordOutputs: false },
    });
    for (const agent of ["own", "closed"])
      expect(bench.of(agent).resourceConsumption).toEqual({ input_tokens: 3, output_tokens: 5 });
  });

  it("is observed if its messages have no version, as in 7.0.0 to 7.0.153", async () => {
    const info = vi.spyOn(diag, "info");
    const message = { type: "generateText", event: { callId: "1", functionId: "early" } };
    await tracingChannel<unknown, object>("ai:telemetry").tracePromise(async () => {}, message);
    expect(bench.of("early").completedTasks).toBe(1);
    expect(info).not.toHaveBeenCalled();
  });

  it("is not observed in an unknown version, with one log line", async () => {
    const info = vi.spyOn(diag, "info");
    const message = { type: "generateText", event: { callId: "1", aiVersion: "8.0.0" } };
    for (let time = 0; time < 2; time += 1)
      await tracingChannel<unknown, object>("ai:telemetry").tracePromise(async () => {}, message);
    expect(bench.agentNames).toEqual([]);
    expect(info.mock.calls).toEqual([
      ["otel-forecast: version 8.0.0 of the AI SDK is not known, its agents are not observed"],
    ]);
    info.mockRestore();
  });

  it("reports the error of a provider, and leaves the failure open until a run succeeds", async () => {
    const agent = { ...quiet, telemetry: { functionId: "writer" } };
    await expect(generateText({ ...agent, model: answering(new RangeError("boom")) })).rejects.toThrow(
      "boom",
    );
    expect(bench.of("writer")).toMatchObject({
      failedTasks: 1,
      openFailures: [{ failureType: "chat" }, { failureType: "invoke_agent" }],
    });
    await generateText({ ...agent, model: answering(text) });
    expect(bench.of("writer")).toMatchObject({ completedTasks: 1, failedTasks: 1, recoveredFailures: 2 });
  });

  it("counts a model call that failed, and was made again, as a failed attempt that was recovered from", async () => {
    const responseHeaders = { "retry-after-ms": "1" };
    const call = { message: "too many", url: "", requestBodyValues: {}, statusCode: 429, responseHeaders };
    const model = answering(new APICallError(call), text);
    await generateText({ model, prompt: "Go.", telemetry: { functionId: "writer" } });
    expect(bench.of("writer")).toMatchObject({
      completedTasks: 1,
      failedTasks: 0,
      successRate: 0.5,
      recoveredFailures: 1,
      openFailures: [],
    });
  });

  it("counts an abort as cancelled", async () => {
    const giveUp = new AbortController();
    const model = new MockLanguageModelV4({
      doGenerate: ({ abortSignal }) =>
        new Promise((_, reject) => {
          abortSignal?.addEventListener("abort", () => reject(abortSignal.reason));
          giveUp.abort();
        }),
    });
    const run = generateText({ ...quiet, model, abortSignal: giveUp.signal });
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
    expect(bench.of("the-process")).toMatchObject({ cancelledTasks: 1, failedTasks: 0, openFailures: [] });
  });

  describe("that streams", () => {
    const named = { ...quiet, onError: () => {}, telemetry: { functionId: "streamer" } };

    async function read(model: MockLanguageModelV4, abortSignal?: AbortSignal, onText = (): void => {}) {
      const { textStream } = streamText({ ...named, model, ...(abortSignal ? { abortSignal } : {}) });
      for await (const _ of textStream) onText();
      await bench.settled("streamer");
      return bench.of("streamer");
    }

    it("is a task until the end of the stream", async () => {
      const active: number[] = [];
      const performance = await read(streaming(parts), undefined, () => {
        active.push(bench.of("streamer").activeTasks);
      });
      expect(active).toContain(1);
      expect(performance).toMatchObject({ completedTasks: 1, failedTasks: 0 });
      expect(performance.resourceConsumption).toEqual({ input_tokens: 3, output_tokens: 5 });
    });

    it("fails with what the provider failed with", async () => {
      const model = new MockLanguageModelV4({
        doStream: async () => {
          throw new RangeError("boom");
        },
      });
      expect(await read(model)).toMatchObject({
        completedTasks: 0,
        failedTasks: 1,
        openFailures: [{ failureType: "chat" }, { failureType: "invoke_agent" }],
      });
    });

    it("fails when the stream breaks off half-way", async () => {
      const broken: Part[] = [...parts.slice(0, 3), { type: "error", error: new RangeError("boom") }];
      expect(await read(streaming(broken))).toMatchObject({
        completedTasks: 0,
        failedTasks: 1,
        openFailures: [{ failureType: "chat" }, { failureType: "invoke_agent" }],
      });
    });

    it("is cancelled by an abort", async () => {
      const giveUp = new AbortController();
      const performance = await read(streaming(parts, 10), giveUp.signal, () => giveUp.abort());
      expect(performance).toMatchObject({ completedTasks: 0, failedTasks: 0, cancelledTasks: 1 });
    });

    it("is lost, and no success, if nobody reads it to its end", async () => {
      const { textStream } = streamText({ ...named, model: streaming(parts) });
      for await (const _ of textStream) break;
      expect(bench.of("streamer").activeTasks).toBe(1);
      bench.harness.world.millis += 3_600_001;
      bench.work.sweep();
      expect(bench.of("streamer")).toMatchObject({ activeTasks: 0, completedTasks: 0, failedTasks: 0 });
      await bench.harness.ticks(1);
      expect(await bench.harness.value("ai_cloud_lost_tasks_total", { agent: "streamer" })).toBe(1);
    });
  });

  it("keeps two concurrent agents apart", async () => {
    const run = (functionId: string, ...answers: (Answer | Error)[]) =>
      generateText({
        ...quiet,
        model: answering(...answers),
        tools: { search: flaky(1) },
        stopWhen: stepCountIs(5),
        telemetry: { functionId },
      });
    await Promise.allSettled([
      run("one", callOf("search"), text),
      run("two", new TypeError("boom")),
      run("one", text),
    ]);
    expect(bench.of("one")).toMatchObject({ completedTasks: 2, failedTasks: 0, successRate: 3 / 4 });
    expect(bench.of("two")).toMatchObject({ completedTasks: 0, failedTasks: 1, successRate: 0 });
  });

  it("distinguishes an agent inside a tool from a simple call there", async () => {
    const within = (telemetry: { functionId?: string }) =>
      tool({
        inputSchema: z.object({}),
        execute: async () => (await generateText({ ...quiet, model: answering(text), telemetry })).text,
      });
    await generateText({
      ...quiet,
      model: answering(callOf("ask"), callOf("sum"), text),
      tools: { ask: within({ functionId: "expert" }), sum: within({}) },
      stopWhen: stepCountIs(5),
      telemetry: { functionId: "manager" },
    });
    expect(bench.agentNames).toEqual(["expert", "manager"]);
    expect(bench.of("expert").completedTasks).toBe(1);
    expect(bench.of("manager").completedTasks).toBe(1);
    expect(bench.of("expert").resourceConsumption).toEqual({ input_tokens: 3, output_tokens: 5 });
    expect(bench.of("manager").resourceConsumption).toEqual({ input_tokens: 12, output_tokens: 20 });
  });

  it("counts the work of a call without a name inside a tool for the outer agent", async () => {
    const sum = tool({
      inputSchema: z.object({}),
      execute: async () => {
        const part = { ...quiet, model: answering(callOf("search"), callOf("search"), text) };
        return (await generateText({ ...part, tools: { search: flaky(1) }, stopWhen: stepCountIs(5) })).text;
      },
    });
    await generateText({
      ...quiet,
      model: answering(callOf("sum"), text),
      tools: { sum },
      stopWhen: stepCountIs(5),
      telemetry: { functionId: "manager" },
    });
    expect(bench.agentNames).toEqual(["manager"]);
    expect(bench.of("manager")).toMatchObject({
      completedTasks: 1,
      activeTasks: 0,
      successRate: 7 / 8,
      recoveredFailures: 1,
      resourceConsumption: { input_tokens: 15, output_tokens: 25 },
    });
    expect(await bench.standard()).toMatchObject({
      gen_ai_invoke_agent_inference_calls: [{ count: 1, sum: 5 }],
      gen_ai_invoke_agent_tool_calls: [{ count: 1, sum: 3 }],
    });
  });

  it("counts a call without a name that a tool has left running for the process", async () => {
    const left = Promise.withResolvers<void>();
    const isOver = Promise.withResolvers<void>();
    const leave = tool({
      inputSchema: z.object({}),
      execute: async () => {
        void isOver.promise
          .then(() => generateText({ ...quiet, model: answering(text) }))
          .then(() => left.resolve(), left.reject);
        return "later";
      },
    });
    await generateText({
      ...quiet,
      model: answering(callOf("leave"), text),
      tools: { leave },
      stopWhen: stepCountIs(5),
      telemetry: { functionId: "manager" },
    });
    isOver.resolve();
    await left.promise;
    expect(bench.of("manager").resourceConsumption).toEqual({ input_tokens: 6, output_tokens: 10 });
    expect(bench.of("the-process")).toMatchObject({
      completedTasks: 1,
      resourceConsumption: { input_tokens: 3, output_tokens: 5 },
    });
  });

  it("counts the failure of a tool that was given up with the run as cancelled", async () => {
    const giveUp = new AbortController();
    const waiting = tool({
      inputSchema: z.object({}),
      execute: (_, { abortSignal }) =>
        new Promise<string>((_, reject) => {
          abortSignal?.addEventListener("abort", () => reject(abortSignal.reason));
          giveUp.abort();
        }),
    });
    const run = generateText({
      ...quiet,
      model: answering(callOf("wait"), text),
      tools: { wait: waiting },
      stopWhen: stepCountIs(5),
      abortSignal: giveUp.signal,
    });
    await Promise.allSettled([run]);
    expect(bench.of("the-process")).toMatchObject({
      failedTasks: 0,
      cancelledTasks: 1,
      openFailures: [],
    });
    expect((await bench.standard()).gen_ai_execute_tool_duration_seconds).toMatchObject([
      { "gen_ai.tool.name": "wait", "error.type": "cancelled", count: 1 },
    ]);
  });

  it("may be registered with by others, who may also replace the list", async () => {
    const name = "AI_SDK_TELEMETRY_INTEGRATIONS";
    expect(Object.getOwnPropertyDescriptor(globalThis, name)).toMatchObject({
      configurable: true,
      enumerable: false,
      writable: true,
    });
  });

  it("is not observed after the stop", async () => {
    observer.stop();
    await generateText({ ...quiet, model: answering(text) });
    expect(bench.agentNames).toEqual([]);
  });
});
