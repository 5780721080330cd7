// Agents of Mastra, each with a model and a tool that do as its name says.
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { Agent } from "@mastra/core/agent";
import { Mastra } from "@mastra/core/mastra";
import { createTool } from "@mastra/core/tools";
import { Observability } from "@mastra/observability";
import OpenAI from "openai";
import { z } from "zod";
import { seen } from "./shared/work.mjs";

const usage = { inputTokens: 10, outputTokens: 5, totalTokens: 15, cachedInputTokens: 4 };
const finish = (finishReason) => ({ type: "finish", finishReason, usage });
const CALL = [
  { type: "tool-call", toolCallId: "1", toolName: "weather", input: '{"city":"Berlin"}' },
  finish("tool-calls"),
];
const ANSWER = [
  { type: "text-start", id: "1" },
  { type: "text-delta", id: "1", delta: "sunny" },
  { type: "text-end", id: "1" },
  finish("stop"),
];

const ASKED = { inventor: { toolName: "made_up" }, misfit: { input: '{"city":1}' } };

/** A model of the AI SDK's second specification that asks for the tool, and then answers. */
function modelOf(name) {
  let calls = 0;
  return {
    specificationVersion: "v2",
    provider: "fake",
    modelId: "small",
    supportedUrls: {},
    doGenerate: async () => {
      calls += 1;
      if (name === "unanswered") throw new TypeError("no model");
      const [content, finishReason] =
        calls === 1
          ? [{ ...CALL[0], ...ASKED[name] }, "tool-calls"]
          : [{ type: "text", text: "sunny" }, "stop"];
      return { content: [content], finishReason, usage, warnings: [] };
    },
    doStream: async () => {
      calls += 1;
      const parts = [{ type: "stream-start", warnings: [] }, ...(calls === 1 ? CALL : ANSWER)];
      return { stream: ReadableStream.from(parts) };
    },
  };
}

/** A provider whose model the tool of an agent asks. */
const provider = createServer((_request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({ model: "small", choices: [], usage: { prompt_tokens: 100, completion_tokens: 7 } }),
  );
}).listen(0, "127.0.0.1");
await once(provider, "listening");
const client = new OpenAI({ apiKey: "none", baseURL: `http://127.0.0.1:${provider.address().port}` });

function agentOf(name) {
  const weather = createTool({
    id: "weather",
    description: "The weather",
    inputSchema: z.object({ city: z.string() }),
    execute: async () => {
      if (name === "survivor") throw new RangeError("no such city");
      if (name === "aborted") await pause(200);
      if (name === "asking") await client.chat.completions.create({ model: "small", messages: [] });
      return { weather: "sunny" };
    },
  });
  return new Agent({
    id: name,
    name,
    instructions: "Say it.",
    model: modelOf(name),
    tools: { weather },
    maxRetries: 0,
  });
}

const names = ["sound", "streaming", "survivor", "inventor", "misfit", "asking", "unanswered", "aborted"];
const exported = [];
const exporter = {
  name: "the app's own",
  exportTracingEvent: async ({ type, exportedSpan }) => {
    if (type === "span_ended" && exportedSpan.type === "agent_run") exported.push(exportedSpan.entityName);
  },
  flush: async () => {},
  shutdown: async () => {},
};
const mastra = new Mastra({
  agents: Object.fromEntries(names.map((name) => [name, agentOf(name)])),
  logger: false,
  observability: new Observability({ configs: { default: { serviceName: "shop", exporters: [exporter] } } }),
});

for (const name of names) {
  const agent = mastra.getAgent(name);
  const abort = new AbortController();
  if (name === "aborted") setTimeout(() => abort.abort(), 50);
  try {
    if (name === "streaming") for await (const _ of (await agent.stream("Weather?")).textStream);
    else await agent.generate("Weather?", { maxSteps: 3, abortSignal: abort.signal });
  } catch (error) {
    console.log(name, error.name);
  }
}
await pause(300);
console.log(exported.join());
await seen();
process.exit(0);
