import { PerformanceMonitor } from "otel-forecast";
import { INSTALLED } from "../frameworks/installed.mjs";
import { ofAiSdk, ofMcp, processor } from "../frameworks/least.mjs";
import { PROVIDERS } from "../frameworks/providers.mjs";

const usage = {
  inputTokens: { total: 20, noCache: 20, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};

/**
 * An agent that calls one tool and answers, both at once: what remains is the cost of the framework
 * and its observer.
 */
const agents = {
  "ai-sdk": async (seen) => {
    const { generateText, isStepCount, tool } = await import("ai");
    const { MockLanguageModelV4 } = await import("ai/test");
    const { z } = await import("zod");
    if (seen === "least") ofAiSdk();
    const answering = () =>
      new MockLanguageModelV4({
        doGenerate: async ({ prompt }) => ({
          content:
            prompt.at(-1)?.role === "tool"
              ? [{ type: "text", text: "Rain." }]
              : [{ type: "tool-call", toolCallId: "call", toolName: "weather", input: "{}" }],
          finishReason: { unified: prompt.at(-1)?.role === "tool" ? "stop" : "tool-calls", raw: undefined },
          usage,
          warnings: [],
        }),
      });
    const weather = tool({ inputSchema: z.object({}), execute: async () => "rain" });
    const integrations = seen === "spans" ? { integrations: [await spans()] } : {};
    return () =>
      generateText({
        model: answering(),
        prompt: "Do I need an umbrella?",
        tools: { weather },
        stopWhen: isStepCount(5),
        telemetry: { functionId: "forecaster", ...integrations },
      });
  },
  langgraph: async (seen) => {
    const { BaseChatModel } = await import("@langchain/core/language_models/chat_models");
    const { AIMessage } = await import("@langchain/core/messages");
    const { tool } = await import("@langchain/core/tools");
    const { MessagesAnnotation, START, StateGraph } = await import("@langchain/langgraph");
    const { ToolNode, toolsCondition } = await import("@langchain/langgraph/prebuilt");
    const { z } = await import("zod");
    class Model extends BaseChatModel {
      _llmType() {
        return "bench";
      }
      async _generate(messages) {
        const isAnswered = messages.at(-1).content === "rain";
        const tool_calls = isAnswered ? [] : [{ name: "weather", args: {}, id: "call" }];
        const usage_metadata = { input_tokens: 20, output_tokens: 5, total_tokens: 25 };
        return {
          generations: [
            {
              text: "",
              message: new AIMessage(/** @type {any} */ ({ content: "", tool_calls, usage_metadata })),
            },
          ],
        };
      }
    }
    const model = new Model({});
    const weather = tool(async () => "rain", { name: "weather", schema: z.object({}) });
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("model", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode("tools", new ToolNode([weather]))
      .addEdge(START, "model")
      .addConditionalEdges("model", toolsCondition)
      .addEdge("tools", "model")
      .compile({ name: "forecaster" });
    const callbacks = seen === "least" ? [{ handleChainStart: () => {} }] : [];
    const question = { role: "user", content: "Do I need an umbrella?" };
    return () => graph.invoke({ messages: [question] }, { callbacks });
  },
  "openai-agents": async (seen) => {
    const { Agent, run, setTraceProcessors, tool, Usage } = await import("@openai/agents");
    const { assistantMessage, functionCall } = await import("@openai/agents-core/testing");
    const { z } = await import("zod");
    // Its default processor would send traces over the network.
    setTraceProcessors(seen === "least" ? [processor] : []);
    /** @type {import("@openai/agents").Model} */
    const model = {
      getStreamedResponse: () => {
        throw new Error("the bench does not stream");
      },
      getResponse: async ({ input }) => ({
        output:
          typeof input !== "string" && input.at(-1)?.type === "function_call_result"
            ? [assistantMessage("Rain.")]
            : [functionCall("weather", {}, { callId: "call" })],
        usage: new Usage({ requests: 1, inputTokens: 20, outputTokens: 5, totalTokens: 25 }),
      }),
    };
    const weather = tool({
      name: "weather",
      description: "",
      parameters: z.object({}),
      execute: async () => "rain",
    });
    const agent = new Agent({ name: "forecaster", model, tools: [weather] });
    return () => run(agent, [{ role: "user", content: "Do I need an umbrella?" }]);
  },
  mcp: async (seen) => {
    const { Client } = await import("@modelcontextprotocol/sdk/client/index.js");
    const { InMemoryTransport } = await import("@modelcontextprotocol/sdk/inMemory.js");
    const { McpServer } = await import("@modelcontextprotocol/sdk/server/mcp.js");
    const server = new McpServer({ name: "forecaster", version: "1.0.0" });
    server.registerTool("weather", {}, async () => ({ content: [{ type: "text", text: "rain" }] }));
    const client = new Client({ name: "client", version: "1.0.0" });
    const [one, other] = InMemoryTransport.createLinkedPair();
    await Promise.all([server.connect(one), client.connect(other)]);
    if (seen === "least") ofMcp(client, [one, other]);
    return () => client.callTool({ name: "weather" });
  },
  ...PROVIDERS,
  ...INSTALLED,
};

/** The SDK's own observation: spans that are sampled and not exported. */
async function spans() {
  const { OpenTelemetry } = await import("@ai-sdk/otel");
  const { BatchSpanProcessor, TracerProvider } = await import("@opentelemetry/sdk-trace");
  const exporter = { export: (_, done) => done({ code: 0 }), shutdown: async () => {} };
  const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] });
  return new OpenTelemetry({ tracer: provider.getTracer("bench") });
}

/**
 * @param framework whose agent runs; `seen`: not observed, observed by us (`ours`), by the
 * framework's own `spans`, or by the `least` observer there can be; `runs` in one measurement; the `folder` that the
 * framework is installed in, if that is not this clone
 */
export async function setup({ framework, seen, runs, folder }) {
  const monitor = new PerformanceMonitor({ method: "naive", exporters: [], agentName: "forecaster" });
  if (seen === "ours") monitor.observeFrameworks();
  const run = await agents[framework](seen, folder);
  return async () => {
    const before = process.cpuUsage();
    for (let done = 0; done < runs; done += 1) await run();
    const { user, system } = process.cpuUsage(before);
    if (seen === "ours") {
      const { completedTasks, resourceConsumption } = monitor.getPerformanceSummary("forecaster");
      // A call of a model by the SDK of its provider is no task.
      const isSeen = completedTasks >= runs || (resourceConsumption.input_tokens ?? 0) >= 20 * runs;
      if (!isSeen) throw new Error(`${completedTasks} of ${runs} runs were seen`);
      await monitor.collect();
    }
    return { micros: (user + system) / runs };
  };
}
