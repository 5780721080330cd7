// Agents of the AI SDK 5 and 6, which report their work in spans (`experimental_telemetry`).
import * as five from "ai-5";
import { MockLanguageModelV2, simulateReadableStream } from "ai-5/test";
import * as six from "ai-6";
import { MockLanguageModelV3 } from "ai-6/test";
import { z } from "zod";
import { seen } from "./shared/work.mjs";

const USAGE = {
  5: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
  6: {
    inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 5, text: 5, reasoning: 0 },
  },
};
const REASONS = {
  5: { call: "tool-calls", answer: "stop" },
  6: { call: { unified: "tool-calls" }, answer: { unified: "stop" } },
};

/** A model that asks for the tool so many times, and then answers or fails. */
function modelOf(Mock, version, calls, fails) {
  let left = calls;
  return new Mock({
    modelId: "small",
    doGenerate: async () => {
      left -= 1;
      if (left < 0 && fails) throw new TypeError("no model");
      const call = { type: "tool-call", toolCallId: `id-${left}`, toolName: "weather", input: "{}" };
      return {
        content: [left >= 0 ? call : { type: "text", text: "sunny" }],
        finishReason: REASONS[version][left >= 0 ? "call" : "answer"],
        usage: USAGE[version],
        warnings: [],
      };
    },
    doStream: async ({ abortSignal }) => {
      left -= 1;
      if (left < 0 && fails) throw new TypeError("no model");
      const text = ["start", "delta", "end"].map((part) => ({
        type: `text-${part}`,
        id: "1",
        delta: "sunny",
      }));
      const call = { type: "tool-call", toolCallId: `id-${left}`, toolName: "weather", input: "{}" };
      const finishReason = REASONS[version][left >= 0 ? "call" : "answer"];
      const chunks = [
        ...(left >= 0 ? [call] : text),
        { type: "finish", finishReason, usage: USAGE[version] },
      ];
      const chunkDelayInMs = abortSignal === undefined ? null : 1000;
      return { stream: simulateReadableStream({ chunks, initialDelayInMs: null, chunkDelayInMs }) };
    },
  });
}

async function run({ generateText, stepCountIs, tool }, model, functionId, failures = 0) {
  let left = failures;
  const execute = async () => {
    left -= 1;
    if (left >= 0) throw new RangeError("not now");
    return "sunny";
  };
  try {
    const { text, steps } = await generateText({
      model,
      prompt: "Weather?",
      maxRetries: 0,
      stopWhen: stepCountIs(5),
      tools: { weather: tool({ inputSchema: z.object({}), execute }) },
      experimental_telemetry: { isEnabled: true, functionId },
    });
    console.log(functionId, text, steps.length);
  } catch (error) {
    console.log(functionId, error.name);
  }
}

async function stream({ stepCountIs, streamText, tool }, model, functionId, abortSignal) {
  const result = streamText({
    model,
    prompt: "Weather?",
    maxRetries: 0,
    stopWhen: stepCountIs(5),
    tools: { weather: tool({ inputSchema: z.object({}), execute: async () => "sunny" }) },
    onError: () => {},
    experimental_telemetry: { isEnabled: true, functionId },
    ...(abortSignal && { abortSignal }),
  });
  let text = "";
  for await (const part of result.textStream) text += part;
  console.log(functionId, text);
}

for (const [sdk, Mock, version] of [
  [five, MockLanguageModelV2, 5],
  [six, MockLanguageModelV3, 6],
]) {
  await run(sdk, modelOf(Mock, version, 1, false), `sound ${version}`);
  await run(sdk, modelOf(Mock, version, 2, false), `survivor ${version}`, 1);
  await run(sdk, modelOf(Mock, version, 1, true), `unanswered ${version}`);
  await stream(sdk, modelOf(Mock, version, 1, false), `streaming ${version}`);
  await stream(sdk, modelOf(Mock, version, 1, true), `broken ${version}`);
  await stream(sdk, modelOf(Mock, version, 0, false), `aborted ${version}`, AbortSignal.timeout(20));
}
await seen();
