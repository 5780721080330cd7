// An agent of the AI SDK that does not import otel-forecast. Its model is the SDK's test model:
// replace it by a real one.
import { isStepCount, ToolLoopAgent, tool } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { z } from "zod";

const usage = {
  inputTokens: { total: 20, noCache: 20, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};

let calls = 0;
/** Calls the weather tool, calls it again if it failed, and then answers. */
const model = new MockLanguageModelV4({
  doGenerate: async ({ prompt }) => {
    calls += 1;
    const last = prompt.at(-1);
    const isAnswered =
      last?.role === "tool" &&
      last.content.some((part) => part.type === "tool-result" && part.output.type !== "error-text");
    return isAnswered
      ? {
          content: [{ type: "text", text: "Rain." }],
          finishReason: { unified: "stop", raw: "stop" },
          usage,
          warnings: [],
        }
      : {
          content: [{ type: "tool-call", toolCallId: `call-${calls}`, toolName: "weather", input: "{}" }],
          finishReason: { unified: "tool-calls", raw: "tool_calls" },
          usage,
          warnings: [],
        };
  },
});

let requests = 0;
const weather = tool({
  description: "The weather here, now",
  inputSchema: z.object({}),
  execute: async () => {
    requests += 1;
    if (requests % 3 === 0) throw new RangeError("the station does not answer");
    return "rain";
  },
});

const agent = new ToolLoopAgent({
  model,
  tools: { weather },
  stopWhen: isStepCount(10),
  telemetry: { functionId: "forecaster" },
});

setInterval(async () => {
  const { text } = await agent.generate({ prompt: "Do I need an umbrella?" });
  if (requests < 3) console.log(`The agent says: ${text}`);
}, 100);
