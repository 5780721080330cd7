// An agent of the AI SDK whose model streams its answers.
import { ToolLoopAgent } from "ai";
import { MockLanguageModelV4, simulateReadableStream } from "ai/test";

const usage = {
  inputTokens: { total: 20, noCache: 20, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};
const chunks = [
  { type: "stream-start", warnings: [] },
  { type: "text-start", id: "1" },
  { type: "text-delta", id: "1", delta: "Rain." },
  { type: "text-end", id: "1" },
  { type: "finish", finishReason: { unified: "stop", raw: "stop" }, usage },
];
const model = new MockLanguageModelV4({
  doStream: async () => ({ stream: simulateReadableStream({ chunks, chunkDelayInMs: 5 }) }),
});
const agent = new ToolLoopAgent({ model, telemetry: { functionId: "streamer" } });

setInterval(async () => {
  const { textStream } = await agent.stream({ prompt: "Do I need an umbrella?" });
  for await (const _ of textStream);
}, 100);
