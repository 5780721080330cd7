// Runs of WorkflowAgent, outside the runtime of workflows. Each has a model and a tool that do as its name says.
import { WorkflowAgent } from "@ai-sdk/workflow";
import { MockLanguageModelV4, simulateReadableStream } from "ai/test";
import { z } from "zod";
import { seen } from "./shared/work.mjs";

const usage = { inputTokens: { total: 10 }, outputTokens: { total: 5 } };
const PARTS = {
  call: [{ type: "tool-call", toolCallId: "id", toolName: "weather", input: "{}" }],
  answer: [
    { type: "text-start", id: "1" },
    { type: "text-delta", id: "1", delta: "sunny" },
    { type: "text-end", id: "1" },
  ],
};

function modelOf(script) {
  return new MockLanguageModelV4({
    modelId: "small",
    doStream: async () => {
      const step = script.shift();
      if (step === undefined) throw new TypeError("no model");
      const finishReason = { unified: step === "call" ? "tool-calls" : "stop" };
      const chunks = [
        { type: "stream-start", warnings: [] },
        ...PARTS[step],
        { type: "finish", finishReason, usage },
      ];
      return { stream: simulateReadableStream({ chunks }) };
    },
  });
}

async function run(functionId, script, failures = 0) {
  let left = failures;
  const execute = async () => {
    left -= 1;
    if (left >= 0) throw new RangeError("not now");
    return "sunny";
  };
  const agent = new WorkflowAgent({
    model: modelOf(script),
    tools: { weather: { description: "w", inputSchema: z.object({}), execute } },
    telemetry: { functionId },
  });
  const messages = [{ role: "user", content: "Weather?" }];
  const ended = await agent.stream({ messages }).then(
    ({ steps, finishReason }) => `${steps.length} ${finishReason}`,
    ({ name }) => name,
  );
  console.log(functionId, ended);
}

await run("sound", ["call", "answer"]);
await run("survivor", ["call", "call", "answer"], 1);
await run("unanswered", []);
await seen();
process.exit(0);
