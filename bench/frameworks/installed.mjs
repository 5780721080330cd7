// Agents of frameworks that only the tests of apps install: in the folder of such an app.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { hooks, ofPi } from "./least.mjs";

const loaderOf = (folder) => (file) => import(pathToFileURL(join(folder, "node_modules", file)).href);
const question = "Do I need an umbrella?";

export const INSTALLED = {
  mastra: async (seen, folder) => {
    const load = createRequire(join(folder, "app.cjs"));
    const { Agent } = load("@mastra/core/agent");
    const { Mastra } = load("@mastra/core/mastra");
    const { createTool } = load("@mastra/core/tools");
    const { Observability } = load("@mastra/observability");
    const { z } = load("zod");
    const usage = { inputTokens: 20, outputTokens: 5, totalTokens: 25 };
    const model = {
      specificationVersion: "v2",
      provider: "bench",
      modelId: "small",
      supportedUrls: {},
      doGenerate: async ({ prompt }) => {
        const isAnswered = prompt.at(-1).role === "tool";
        const call = { type: "tool-call", toolCallId: "call", toolName: "weather", input: "{}" };
        const content = [isAnswered ? { type: "text", text: "Rain." } : call];
        return { content, finishReason: isAnswered ? "stop" : "tool-calls", usage, warnings: [] };
      },
    };
    const execute = async () => ({ weather: "rain" });
    const weather = createTool({ id: "weather", description: "", inputSchema: z.object({}), execute });
    const agent = new Agent({
      id: "forecaster",
      name: "forecaster",
      instructions: "",
      model,
      tools: { weather },
    });
    // Its observability needs an exporter: this one does nothing.
    const nothing = async () => {};
    const exporter = { name: "none", exportTracingEvent: nothing, flush: nothing, shutdown: nothing };
    const exporters = seen === "least" ? [exporter, { ...exporter, name: "least" }] : [exporter];
    const observability = new Observability({
      configs: { default: { serviceName: "bench", exporters } },
    });
    const mastra = new Mastra({ agents: { forecaster: agent }, logger: false, observability });
    return () => mastra.getAgent("forecaster").generate(question, { maxSteps: 3 });
  },
  "pi-agent-core": async (seen, folder) => {
    const load = loaderOf(folder);
    const { Agent } = await load("@mariozechner/pi-agent-core/dist/index.js");
    if (seen === "least") ofPi(Agent);
    const pi = await load("@mariozechner/pi-ai/dist/index.js");
    const faux = pi.registerFauxProvider({ models: [{ id: "small" }] });
    const call = pi.fauxAssistantMessage(pi.fauxToolCall("weather", {}), { stopReason: "toolUse" });
    const execute = async () => ({ content: [{ type: "text", text: "rain" }], details: {} });
    const weather = { name: "weather", label: "", description: "", parameters: pi.Type.Object({}), execute };
    return () => {
      faux.setResponses([call, pi.fauxAssistantMessage("Rain.")]);
      const initialState = { model: faux.getModel(), tools: [weather] };
      return new Agent({ initialState }).prompt(question);
    };
  },
  "claude-agent-sdk": async (seen, folder) => {
    const { query } = await loaderOf(folder)("@anthropic-ai/claude-agent-sdk/sdk.mjs");
    // A stand-in for Claude Code, in a process of its own, which is not measured.
    const pathToClaudeCodeExecutable = join(folder, "claude-code.mjs");
    const prompt = JSON.stringify([["answer"], ["tool", { name: "Read" }], ["answer"], ["result"]]);
    return async () => {
      const options = { pathToClaudeCodeExecutable, agent: "forecaster", ...(seen === "least" && { hooks }) };
      for await (const _ of query({ prompt, options }));
    };
  },
};
