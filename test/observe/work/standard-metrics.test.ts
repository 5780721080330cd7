import { DataPointType, type Histogram, type IMetricReader, MeterProvider } from "@opentelemetry/sdk-metrics";
import { beforeEach, expect, it } from "vitest";
import { StandardMetrics } from "../../../src/observe/work/standard-metrics.ts";
import { CollectionReader } from "../../../src/otel/collection-reader.ts";
import { joinReader } from "../../../src/otel/export/foreign-provider.ts";
import { EndpointReader } from "../../../src/prometheus/endpoint-reader.ts";

let reader: IMetricReader | undefined;
let metrics: StandardMetrics;

beforeEach(() => {
  const provider = new MeterProvider({ readers: [new CollectionReader({ maxAttributeSets: 100 })] });
  reader = new EndpointReader();
  joinReader(provider, reader);
  metrics = new StandardMetrics(() => provider.getMeter("test"));
});

const calls = { operation: "invoke_agent", toolCalls: 3, inferenceCalls: 2 };

/** The counts of a histogram of equal values. */
function bucketCounts(boundaries: readonly number[], value: number, count: number): number[] {
  const index = boundaries.filter((bound) => bound < value).length;
  return Array.from({ length: boundaries.length + 1 }, (_, i) => (i === index ? count : 0));
}

// Boundaries of semantic-conventions-genai v0.1.0, docs/gen-ai/gen-ai-metrics.md and mcp.md.
const AGENT = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6];
const TOOL = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const COUNT = [1, 2, 4, 8, 16, 32, 64, 128];
const TOKEN = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
const MCP = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

async function recorded() {
  metrics.collectionStarted();
  metrics.collectionEnded([]);
  const { resourceMetrics } = (await reader?.collect()) ?? expect.unreachable("no reader");
  return resourceMetrics.scopeMetrics
    .flatMap(({ metrics: all }) => all)
    .flatMap(({ descriptor, dataPoints, dataPointType }) =>
      dataPoints.map(({ attributes, value }) => {
        expect(dataPointType).toBe(DataPointType.HISTOGRAM);
        const { sum, count, buckets } = value as Histogram;
        // The bucket of the one value: those above its lower bound, and up to its upper bound.
        expect(buckets.counts).toEqual(bucketCounts(buckets.boundaries, (sum as number) / count, count));
        const bounds = buckets.boundaries;
        return { name: descriptor.name, unit: descriptor.unit, attributes, sum, count, bounds };
      }),
    );
}

it("has the names, units, attributes and boundaries of the convention", async () => {
  metrics.agentInvoked(1.5, calls, "planner", "429");
  metrics.toolExecuted(0.5, { agentName: "planner", toolName: "search" }, undefined);
  metrics.tokensUsed(
    { input: 10, output: 4, cachedInput: 0 },
    { operation: "chat", model: "m", provider: "p" },
  );
  const agent = { "gen_ai.agent.name": "planner" };
  const call = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.provider.name": "p" };
  const tokens = { name: "gen_ai.client.token.usage", unit: "{token}", count: 1, bounds: TOKEN };
  expect(await recorded()).toEqual([
    {
      name: "gen_ai.invoke_agent.duration",
      unit: "s",
      attributes: { ...agent, "gen_ai.operation.name": "invoke_agent", "error.type": "429" },
      sum: 1.5,
      count: 1,
      bounds: AGENT,
    },
    {
      name: "gen_ai.invoke_agent.inference_calls",
      unit: "{inference_call}",
      attributes: agent,
      sum: 2,
      count: 1,
      bounds: COUNT,
    },
    {
      name: "gen_ai.invoke_agent.tool_calls",
      unit: "{tool_call}",
      attributes: agent,
      sum: 3,
      count: 1,
      bounds: COUNT,
    },
    {
      name: "gen_ai.execute_tool.duration",
      unit: "s",
      attributes: { ...agent, "gen_ai.tool.name": "search" },
      sum: 0.5,
      count: 1,
      bounds: TOOL,
    },
    { ...tokens, attributes: { ...call, "gen_ai.token.type": "input" }, sum: 10 },
    { ...tokens, attributes: { ...call, "gen_ai.token.type": "output" }, sum: 4 },
  ]);
});

it("has the metrics of the Model Context Protocol too", async () => {
  const link = { protocolVersion: "2025-11-25", transport: "pipe" } as const;
  const call = { method: "tools/call", toolName: "search", promptName: undefined };
  const prompt = { method: "prompts/get", toolName: undefined, promptName: "greet" };
  metrics.mcpOperation("client", 2, { ...call, ...link, errorType: "tool_error", statusCode: undefined });
  metrics.mcpOperation("server", 3, { ...prompt, ...link, errorType: "-32602", statusCode: "-32602" });
  metrics.mcpSession("client", 40, { protocolVersion: "2025-11-25", errorType: undefined });
  metrics.mcpSession("server", 50, { protocolVersion: undefined, errorType: "connection_closed" });
  // Names and attributes of semantic-conventions-genai, docs/gen-ai/mcp.md.
  const common = { unit: "s", count: 1, bounds: MCP };
  const version = { "mcp.protocol.version": "2025-11-25" };
  const told = { ...version, "network.transport": "pipe" };
  expect(await recorded()).toEqual([
    {
      ...common,
      name: "mcp.client.operation.duration",
      attributes: {
        ...told,
        "mcp.method.name": "tools/call",
        "gen_ai.tool.name": "search",
        "gen_ai.operation.name": "execute_tool",
        "error.type": "tool_error",
      },
      sum: 2,
    },
    {
      ...common,
      name: "mcp.server.operation.duration",
      attributes: {
        ...told,
        "mcp.method.name": "prompts/get",
        "gen_ai.prompt.name": "greet",
        "error.type": "-32602",
        "rpc.response.status_code": "-32602",
      },
      sum: 3,
    },
    { ...common, name: "mcp.client.session.duration", attributes: version, sum: 40 },
    {
      ...common,
      name: "mcp.server.session.duration",
      attributes: { "error.type": "connection_closed" },
      sum: 50,
    },
  ]);
});

it("lets 10,000 measurements wait for a collection, and records further ones at once", async () => {
  const tool = { agentName: "planner", toolName: "search" };
  for (let call = 0; call < 10_002; call += 1) metrics.toolExecuted(0.5, tool, undefined);
  // Another instrumentation records the same metric: those that waited are not recorded.
  metrics.collectionStarted();
  metrics.collectionEnded(["gen_ai.execute_tool.duration"]);
  expect((await recorded()).map(({ name, count }) => [name, count])).toEqual([
    ["gen_ai.execute_tool.duration", 2],
  ]);
});

it("records nothing that another instrumentation records, not even earlier measurements", async () => {
  metrics.agentInvoked(1, calls, "planner", undefined);
  metrics.collectionStarted();
  metrics.collectionEnded(["gen_ai.invoke_agent.duration"]);
  metrics.agentInvoked(1, calls, "planner", undefined);
  expect((await recorded()).map(({ name, count }) => [name, count])).toEqual([
    ["gen_ai.invoke_agent.inference_calls", 2],
    ["gen_ai.invoke_agent.tool_calls", 2],
  ]);
});

it("says whether a collection recorded something of before it", () => {
  metrics.collectionStarted();
  expect(metrics.collectionEnded([])).toBe(false);
  metrics.agentInvoked(1, calls, "planner", undefined);
  expect(metrics.collectionEnded([])).toBe(false);
  metrics.collectionStarted();
  metrics.agentInvoked(1, calls, "planner", undefined);
  expect(metrics.collectionEnded([])).toBe(true);
  expect(metrics.collectionEnded([])).toBe(false);
});

it("makes a histogram once for each metric, when there is something to record", async () => {
  let meters = 0;
  const made: string[] = [];
  const own = new StandardMetrics(() => {
    meters += 1;
    return { createHistogram: (name: string) => made.push(name) && { record: () => {} } } as never;
  });
  const record = () => {
    own.collectionStarted();
    own.collectionEnded([]);
  };
  record();
  expect(meters).toBe(0);
  for (let round = 0; round < 2; round += 1) {
    own.agentInvoked(1, calls, "planner", undefined);
    own.agentInvoked(1, calls, "other", undefined);
    record();
  }
  expect(made).toEqual([
    "gen_ai.invoke_agent.duration",
    "gen_ai.invoke_agent.inference_calls",
    "gen_ai.invoke_agent.tool_calls",
  ]);
});
