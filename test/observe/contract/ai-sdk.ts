import { tracingChannel } from "node:diagnostics_channel";
import * as ai from "ai";
import { MockLanguageModelV4, simulateReadableStream } from "ai/test";
import { z } from "zod";
import { VercelAiObserver } from "../../../src/observe/ai-sdk/ai-sdk.ts";
import { type Framework, MODEL, type Script, searchOf, TOKENS, Turns } from "./script.ts";

const usage = {
  inputTokens: { total: TOKENS.input, noCache: TOKENS.input, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: TOKENS.output, text: TOKENS.output, reasoning: 0 },
};

function modelOf(script: Script): MockLanguageModelV4 {
  const turns = new Turns(script);
  const call = () => ({
    type: "tool-call" as const,
    toolCallId: turns.callId,
    toolName: "search",
    input: JSON.stringify(turns.input),
  });
  const finish = (turn: string) => ({
    finishReason: {
      unified: turn === "call" ? ("tool-calls" as const) : ("stop" as const),
      raw: undefined,
    },
    usage,
  });
  return new MockLanguageModelV4({
    modelId: MODEL,
    doGenerate: async () => {
      const turn = await turns.next();
      const content = turn === "call" ? call() : { type: "text" as const, text: "done" };
      return { content: [content], ...finish(turn), warnings: [] };
    },
    doStream: async () => {
      const turn = await turns.next();
      const text = [
        { type: "text-start" as const, id: "1" },
        { type: "text-delta" as const, id: "1", delta: "done" },
        { type: "text-end" as const, id: "1" },
      ];
      const parts = turn === "call" ? [call()] : text;
      const chunks = [...parts, { type: "finish" as const, ...finish(turn) }];
      return { stream: simulateReadableStream({ chunks, chunkDelayInMs: null, initialDelayInMs: null }) };
    },
  });
}

type Copy = typeof ai;

async function runBy(
  { isStepCount, streamText, ToolLoopAgent, tool }: Copy,
  script: Script,
): Promise<unknown> {
  const how = {
    model: modelOf(script),
    tools: { search: tool({ inputSchema: z.object({ query: z.string() }), execute: searchOf(script) }) },
    stopWhen: isStepCount(20),
    maxRetries: 0,
    telemetry: { functionId: script.agent },
  };
  const call = { prompt: "Go.", ...(script.signal && { abortSignal: script.signal }) };
  if (script.isStream !== true) return new ToolLoopAgent(how).generate(call);
  return streamText({ ...how, ...call, onError: () => {} }).consumeStream({ onError: () => {} });
}

export const aiSdk: Framework = {
  title: "AI SDK",
  observe(bench) {
    const observer = new VercelAiObserver(bench.work);
    observer.start();
    return observer;
  },
  run: (script) => runBy(ai, script),
  runOtherCopy: async (script) => runBy((await import(`${import.meta.resolve("ai")}?copy`)) as Copy, script),
  meetUnknownVersion(bench) {
    const observer = new VercelAiObserver(bench.work);
    observer.start();
    const event = { callId: "of an unknown version", functionId: "planner", aiVersion: "99.0.0" };
    tracingChannel("ai:telemetry").start.runStores({ type: "generateText", event }, () => {});
    observer.stop();
  },
};
