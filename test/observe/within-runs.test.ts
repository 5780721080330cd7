import OpenAI from "openai";
import { Completions } from "openai/resources/chat/completions/completions";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProviderSdkObserver } from "../../src/observe/provider-sdks/provider-sdks.ts";
import { type ModelResource, OPENAI } from "../../src/observe/provider-sdks/sdk.ts";
import { WorkBench } from "./bench-of-work.ts";
import { aiSdk } from "./contract/ai-sdk.ts";
import { claudeAgentSdk } from "./contract/claude-agent-sdk.ts";
import { langGraph } from "./contract/langgraph.ts";
import { openAiAgents } from "./contract/openai-agents.ts";
import { piAgentCore } from "./contract/pi-agent-core.ts";
import { type Framework, MODEL } from "./contract/script.ts";
import { toolLoop } from "./contract/tool-loop.ts";
import { ProviderServer } from "./provider-sdks/provider-server.ts";

const agent = "planner";
/** The frameworks that have runs. A request to a server of MCP is no run: each is a task of its own. */
const FRAMEWORKS: readonly Framework[] = [
  aiSdk,
  openAiAgents,
  langGraph,
  claudeAgentSdk(),
  piAgentCore,
  toolLoop,
];

let bench: WorkBench;
let stops: { stop(): void }[];

beforeEach(() => {
  bench = new WorkBench();
  stops = [];
});
afterEach(() => {
  for (const observer of stops) observer.stop();
});

/** The value of the only series of the agent by this name. */
async function shown(metric: string): Promise<unknown> {
  await bench.harness.ticks(2);
  const points = (await bench.harness.shown()).get(metric) ?? [];
  return points.find(({ labels }) => labels.agent === agent)?.value;
}

describe.each(FRAMEWORKS)("a run of the $title", (framework) => {
  const found = async () => "found";

  beforeEach(() => {
    stops.push(framework.observe(bench));
  });

  it("shows how many models and tools it called", async () => {
    await framework.run({ agent, tools: [found, found, found] });
    await bench.settled(agent);
    expect(await shown("ai_cloud_run_model_calls_p95")).toBeCloseTo(4, 0);
    expect(await shown("ai_cloud_run_tool_calls_p95")).toBeCloseTo(3, 0);
  });

  it("shows a loop from the third call with the same arguments on", async () => {
    await framework.run({ agent, tools: [found, found, found, found] });
    await bench.settled(agent);
    expect(await shown("ai_cloud_repeated_tool_calls_total")).toBe(2);
    expect(await shown("ai_cloud_repeated_tool_calls_per_second")).toBeGreaterThan(0);
  });

  it("shows no loop if each call is another, or the calls are those of two runs", async () => {
    await framework.run({ agent, tools: [found, found, found], queries: ["one", "two", "three"] });
    await framework.run({ agent, tools: [found, found] });
    await framework.run({ agent, tools: [found, found] });
    await bench.settled(agent);
    expect(await shown("ai_cloud_repeated_tool_calls_total")).toBe(0);
  });
});

it("shows when the first part of a stream of the AI SDK has arrived", async () => {
  stops.push(aiSdk.observe(bench));
  await aiSdk.run({ agent, isStream: true });
  await bench.settled(agent);
  expect(await shown("ai_cloud_first_token_p95_seconds")).toBeGreaterThanOrEqual(0);
  const points = (await bench.harness.shown()).get("ai_cloud_first_token_duration_seconds");
  expect(points).toMatchObject([{ labels: { agent, model: MODEL } }]);
});

it("shows when the first output of a stream of openai has arrived, once a call", async () => {
  const server = await ProviderServer.start();
  const observer = new ProviderSdkObserver(bench.work, OPENAI);
  observer.join(OPENAI.resources[0] as ModelResource, Completions);
  stops.push(observer, server);
  const chunk = { object: "chat.completion.chunk", model: MODEL };
  const deltas = [{ role: "assistant", content: "" }, { content: "sun" }, { content: "ny" }, {}];
  const events = deltas.map((delta, index) => ({
    ...chunk,
    choices: [{ index: 0, delta, ...(index === 3 && { finish_reason: "stop" }) }],
  }));
  server.answers.push({ events }, { body: { ...chunk, choices: [] } });
  const client = new OpenAI({ apiKey: "none", baseURL: server.url, maxRetries: 0 });
  const messages = [{ role: "user" as const, content: "weather?" }];
  let isFirst = true;
  for await (const _ of await client.chat.completions.create({ model: MODEL, messages, stream: true })) {
    if (isFirst) bench.harness.world.millis += 1500;
    else bench.harness.world.millis += 4000;
    isFirst = false;
  }
  await client.chat.completions.create({ model: MODEL, messages });
  await bench.harness.ticks(2);
  const points = (await bench.harness.shown()).get("ai_cloud_first_token_duration_seconds");
  const value = { count: 1, sum: expect.closeTo(1.5) };
  expect(points).toMatchObject([{ labels: { agent: "the-process", model: MODEL }, value }]);
});
