import { OpenTelemetry } from "@ai-sdk/otel";
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { AlwaysOffSampler, createAlwaysRecordSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import { generateText, stepCountIs, tool } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { VercelAiObserver } from "../../src/observe/ai-sdk/ai-sdk.ts";
import { AgentSpans } from "../../src/observe/spans/agent-spans.ts";
import { DedupedWorkLog } from "../../src/observe/spans/deduped-work-log.ts";
import { WorkBench } from "./bench-of-work.ts";

const usage = {
  inputTokens: { total: 20, noCache: 20, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};

let bench: WorkBench;
let observer: VercelAiObserver;
let provider: TracerProvider;

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  bench = new WorkBench();
  const { pipeline, world } = bench.harness;
  observer = new VercelAiObserver(bench.work);
  observer.start();
  const spans = new AgentSpans({
    log: new DedupedWorkLog(bench.log, bench.frameworkReports),
    skips: pipeline.skips,
    defaultAgent: () => bench.work.defaultAgentName,
    lostAfterMillis: pipeline.options.expiryMillis,
    now: world.now,
    elapsedMillis: world.elapsedMillis,
  });
  const sampler = createAlwaysRecordSampler(new AlwaysOffSampler());
  provider = new TracerProvider({ sampler, spanProcessors: [spans] });
});
afterEach(() => {
  observer.stop();
  context.disable();
});

/** Asks for the weather, again when that failed, and then answers. */
function model(): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    doGenerate: async ({ prompt }) => {
      const last = prompt.at(-1);
      const part = last?.role === "tool" ? last.content[0] : undefined;
      const isAnswered = part?.type === "tool-result" && part.output.type !== "error-text";
      return isAnswered
        ? {
            content: [{ type: "text", text: "Rain." }],
            finishReason: { unified: "stop", raw: undefined },
            usage,
            warnings: [],
          }
        : {
            content: [{ type: "tool-call", toolCallId: "call", toolName: "weather", input: "{}" }],
            finishReason: { unified: "tool-calls", raw: undefined },
            usage,
            warnings: [],
          };
    },
  });
}

it.for([
  { name: "forecaster", agent: "forecaster" },
  { name: undefined, agent: "the-process" },
])("counts an agent of the AI SDK once that makes spans too (its name: $name)", async ({ name, agent }) => {
  const integrations = [new OpenTelemetry({ tracer: provider.getTracer("ai") })];
  let requests = 0;
  const weather = tool({
    inputSchema: z.object({}),
    execute: async () => {
      requests += 1;
      if (requests === 2) throw new RangeError("the station does not answer");
      return "rain";
    },
  });
  for (let run = 0; run < 2; run += 1)
    await generateText({
      model: model(),
      prompt: "Do I need an umbrella?",
      tools: { weather },
      stopWhen: stepCountIs(5),
      telemetry: { ...(name === undefined ? {} : { functionId: name }), integrations },
    });
  expect(requests).toBe(3);
  expect(bench.agentNames).toEqual([agent]);
  expect(bench.of(agent)).toMatchObject({
    completedTasks: 2,
    activeTasks: 0,
    successRate: 7 / 8,
    recoveredFailures: 1,
    resourceConsumption: { input_tokens: 100, output_tokens: 25 },
  });
  expect(await bench.standard()).toMatchObject({
    gen_ai_invoke_agent_duration_seconds: [{ count: 2 }],
    gen_ai_invoke_agent_tool_calls: [{ sum: 3 }],
    gen_ai_execute_tool_duration_seconds: [{ count: 2 }, { "error.type": "RangeError", count: 1 }],
  });
});

it("counts a call without a name inside a tool for the outer agent, with and without spans", async () => {
  const integrations = [new OpenTelemetry({ tracer: provider.getTracer("ai") })];
  const ask = (functionId: string | undefined, execute: () => Promise<string>) =>
    generateText({
      model: model(),
      prompt: "Do I need an umbrella?",
      tools: { weather: tool({ inputSchema: z.object({}), execute }) },
      stopWhen: stepCountIs(5),
      telemetry: { ...(functionId === undefined ? {} : { functionId }), integrations },
    });
  await ask("forecaster", async () => (await ask(undefined, async () => "rain")).text);
  expect(bench.agentNames).toEqual(["forecaster"]);
  expect(bench.of("forecaster")).toMatchObject({
    completedTasks: 1,
    resourceConsumption: { input_tokens: 80, output_tokens: 20 },
  });
  expect(await bench.standard()).toMatchObject({
    gen_ai_invoke_agent_duration_seconds: [{ count: 1 }],
    gen_ai_execute_tool_duration_seconds: [{ count: 2 }],
  });
});
