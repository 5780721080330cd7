// Agents of the AI SDK 5 and 6, which report their work in spans (`experimental_telemetry`).
import * as five from "ai-5";
import { MockLanguageModelV2 } from "ai-5/test";
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

for (const [sdk, Mock, version] of [
  [five, MockLanguageModelV2, 5],
  [six, MockLanguageModelV3, 6],
]) {
  await run(sdk, modelOf(Mock, version, 1, false), `sound ${version}`);
  await run(sdk, modelOf(Mock, version, 2, false), `survivor ${version}`, 1);
  await run(sdk, modelOf(Mock, version, 1, true), `unanswered ${version}`);
}
await seen();
