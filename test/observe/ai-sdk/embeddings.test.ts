import { tracingChannel } from "node:diagnostics_channel";
import { APICallError, embed, embedMany, generateText, stepCountIs, tool } from "ai";
import { MockEmbeddingModelV4, MockLanguageModelV4 } from "ai/test";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { VercelAiObserver } from "../../../src/observe/ai-sdk/ai-sdk.ts";
import { WorkBench } from "../bench-of-work.ts";

const PROCESS = "the-process";
const refused = new APICallError({
  message: "no",
  url: "http://model",
  requestBodyValues: {},
  statusCode: 400,
  isRetryable: false,
});

let bench: WorkBench;
let observer: VercelAiObserver;

beforeEach(() => {
  bench = new WorkBench();
  observer = new VercelAiObserver(bench.work);
  observer.start();
});
afterEach(() => observer.stop());

/** A model that has a vector for each value; an error is thrown instead. */
function embedder(
  doing: () => void | Promise<void> = () => {},
  maxEmbeddingsPerCall = 10,
): MockEmbeddingModelV4 {
  return new MockEmbeddingModelV4({
    provider: "openai.embedding",
    modelId: "embedder",
    maxEmbeddingsPerCall,
    doEmbed: async ({ values }) => {
      await doing();
      return { embeddings: values.map(() => [1]), usage: { tokens: 7 * values.length }, warnings: [] };
    },
  });
}

const failing = (error: Error) =>
  embedder(() => {
    throw error;
  });

function done(agentName = PROCESS): object {
  const { successRate, resourceConsumption, openFailures } = bench.of(agentName);
  return { successRate, tokens: resourceConsumption, failures: openFailures.map((it) => it.failureType) };
}

const answered = (tokens: number) => ({
  successRate: 1,
  tokens: { input_tokens: tokens, output_tokens: 0 },
  failures: [],
});

describe("embeddings of the AI SDK", () => {
  it("are a step of the process, with their tokens", async () => {
    const { embedding, usage } = await embed({ model: embedder(), value: "sunny" });
    expect([embedding, usage]).toEqual([[1], { tokens: 7 }]);
    expect(done()).toEqual(answered(7));
    const { gen_ai_client_token_usage: used } = await bench.standard();
    expect(used).toEqual([
      {
        "gen_ai.operation.name": "embeddings",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "embedder",
        "gen_ai.token.type": "input",
        count: 1,
        sum: 7,
      },
    ]);
  });

  it.each([10, 1])("are one step if there are many, of which %d go into a request", async (perCall) => {
    await embedMany({ model: embedder(undefined, perCall), values: ["sunny", "windy"] });
    expect(done()).toEqual(answered(14));
    expect(bench.of(PROCESS).successRate).toBe(1);
  });

  it("that fail are a failed step, with the error that the app gets", async () => {
    await expect(embed({ model: failing(refused), value: "sunny" })).rejects.toBe(refused);
    expect(done()).toEqual({ successRate: 0, tokens: {}, failures: ["embeddings"] });
    await embed({ model: embedder(), value: "sunny" });
    expect(done()).toMatchObject({ failures: [] });
  });

  it("that are aborted are no attempt", async () => {
    const aborted = new DOMException("stop", "AbortError");
    await expect(embed({ model: failing(aborted as never), value: "sunny" })).rejects.toBe(aborted);
    expect(done()).toEqual({ successRate: undefined, tokens: {}, failures: [] });
  });

  it("in a tool are a step of the agent, and no inference", async () => {
    const content = [{ type: "tool-call" as const, toolCallId: "1", toolName: "search", input: "{}" }];
    const usage = {
      inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 5, text: 5, reasoning: 0 },
    };
    const answers = [
      { content, finishReason: { unified: "tool-calls" as const, raw: undefined }, usage, warnings: [] },
      {
        content: [{ type: "text" as const, text: "done" }],
        finishReason: { unified: "stop" as const, raw: undefined },
        usage,
        warnings: [],
      },
    ];
    await generateText({
      model: new MockLanguageModelV4({ doGenerate: async () => answers.shift() as (typeof answers)[0] }),
      prompt: "Go.",
      tools: {
        search: tool({
          inputSchema: z.object({}),
          execute: async () => (await embed({ model: embedder(), value: "sunny" })).embedding,
        }),
      },
      stopWhen: stepCountIs(5),
      telemetry: { functionId: "researcher" },
    });
    expect(bench.agentNames).toEqual(["researcher"]);
    expect(bench.of("researcher").resourceConsumption).toEqual({ input_tokens: 13, output_tokens: 10 });
    const { gen_ai_invoke_agent_inference_calls: calls } = await bench.standard();
    expect(calls).toEqual([expect.objectContaining({ sum: 2 })]);
  });

  it("count once if their model calls the SDK of its provider", async () => {
    const asked = { provider: "openai", model: "embedder", operation: "embeddings" };
    let inner: unknown = "not asked";
    const model = embedder(() => {
      inner = bench.work.beginModelCall(asked);
    });
    await embed({ model, value: "sunny" });
    expect(inner).toBeUndefined();
    expect(done()).toEqual(answered(7));
    expect(bench.work.beginModelCall(asked)).toBeDefined();
  });

  it("count once if a span reports them", async () => {
    const operation = "embeddings";
    const model = embedder(() => bench.frameworkReports.spanAsks({ model: "embedder", operation })());
    await embed({ model, value: "sunny" });
    expect(done()).toEqual({ successRate: undefined, tokens: {}, failures: [] });
  });

  it("of an unknown version are left out, as those after the observation has stopped", async () => {
    const event = { callId: "1", aiVersion: "8.0.0", modelId: "embedder", provider: "openai" };
    const result = { usage: { tokens: 7 } };
    const work = { type: "embed", event };
    const channel = tracingChannel<object, object>("ai:telemetry");
    channel.start.runStores(work, () => {});
    channel.asyncEnd.publish(Object.assign(work, { result }));
    observer.stop();
    await embed({ model: embedder(), value: "sunny" });
    expect(bench.agentNames).toEqual([]);
  });

  it("without tokens, and without a result, are a step", async () => {
    const channel = tracingChannel<object, object>("ai:telemetry");
    for (const result of [{ usage: { tokens: Number.NaN } }, undefined]) {
      const work = { type: "embedMany", event: { callId: "1" } };
      channel.start.runStores(work, () => {});
      channel.asyncEnd.publish(Object.assign(work, { result }));
    }
    expect(done()).toEqual({ successRate: 1, tokens: {}, failures: [] });
  });
});
