import { AsyncLocalStorage } from "node:async_hooks";
import Anthropic from "@anthropic-ai/sdk";
import { Messages } from "@anthropic-ai/sdk/resources/messages/messages";
import { GoogleGenAI, Models } from "@google/genai";
import { Agent, OpenAIChatCompletionsModel, run } from "@openai/agents";
import OpenAI from "openai";
import { Completions } from "openai/resources/chat/completions/completions";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProviderSdkObserver, type ResourceClass } from "../../src/observe/provider-sdks/provider-sdks.ts";
import { ANTHROPIC, GOOGLE, type ModelResource, OPENAI } from "../../src/observe/provider-sdks/sdk.ts";
import { WorkBench } from "./bench-of-work.ts";
import { a2a } from "./contract/a2a.ts";
import { acp } from "./contract/acp.ts";
import { aiSdk } from "./contract/ai-sdk.ts";
import { claudeAgentSdk } from "./contract/claude-agent-sdk.ts";
import { langGraph } from "./contract/langgraph.ts";
import { mastra } from "./contract/mastra.ts";
import { mcp } from "./contract/mcp.ts";
import { openAiAgents } from "./contract/openai-agents.ts";
import { openAiRealtime } from "./contract/openai-realtime.ts";
import { piAgentCore } from "./contract/pi-agent-core.ts";
import { type Framework, MODEL } from "./contract/script.ts";
import { ProviderServer } from "./provider-sdks/provider-server.ts";

const AGENT = "planner";

/** A call of a model by the SDK of its provider, which uses 100 tokens and 7. */
interface Provider {
  readonly name: string;
  readonly body: object;
  ask(url: string): PromiseLike<unknown>;
}

const client = { apiKey: "none", maxRetries: 0 };
const messages = [{ role: "user" as const, content: "weather?" }];
const PROVIDERS: readonly Provider[] = [
  {
    name: "openai",
    body: { model: MODEL, choices: [], usage: { prompt_tokens: 100, completion_tokens: 7 } },
    ask: (baseURL) => new OpenAI({ ...client, baseURL }).chat.completions.create({ model: MODEL, messages }),
  },
  {
    name: "anthropic",
    body: { type: "message", model: MODEL, content: [], usage: { input_tokens: 100, output_tokens: 7 } },
    ask: (baseURL) =>
      new Anthropic({ ...client, baseURL }).messages.create({ model: MODEL, max_tokens: 9, messages }),
  },
  {
    name: "gcp.gen_ai",
    body: { usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 7 } },
    ask: (baseUrl) =>
      new GoogleGenAI({ apiKey: "none", httpOptions: { baseUrl } }).models.generateContent({
        model: MODEL,
        contents: "weather?",
      }),
  },
];

const FRAMEWORKS: readonly Framework[] = [
  aiSdk,
  openAiAgents,
  openAiRealtime,
  langGraph,
  claudeAgentSdk(),
  piAgentCore,
  mastra,
  ...mcp,
  acp,
  a2a,
];

let bench: WorkBench;
let server: ProviderServer;
let observers: { stop(): void }[];

beforeEach(async () => {
  bench = new WorkBench();
  server = await ProviderServer.start();
  observers = [[OPENAI, Completions] as const, [ANTHROPIC, Messages] as const, [GOOGLE, Models] as const].map(
    ([sdk, loaded]) => {
      const observer = new ProviderSdkObserver(bench.work, sdk);
      observer.join(sdk.resources[0] as ModelResource, loaded as unknown as ResourceClass);
      return observer;
    },
  );
});
afterEach(() => {
  for (const observer of observers) observer.stop();
  server.stop();
});

/** How many model calls of a provider's SDK are counted, and their tokens of input. */
async function counted(provider: string): Promise<object[]> {
  const { gen_ai_client_token_usage: usage = [] } = await bench.standard();
  return usage.filter(
    (series) => Reflect.get(series, "gen_ai.provider.name") === provider && Reflect.get(series, "sum") >= 100,
  );
}

describe.each(FRAMEWORKS)("a model that a tool of the $title asks", (framework) => {
  beforeEach(() => {
    observers.push(framework.observe(bench));
  });

  it.each(PROVIDERS)(
    "by the SDK of $name is a step of the agent, counted once",
    async ({ name, body, ask }) => {
      server.answers.push({ body }, { body });
      const tool = async () => void (await ask(server.url));
      await framework.run({ agent: AGENT, tools: [tool, tool] });
      await bench.settled(AGENT);
      expect(server.requests).toHaveLength(2);
      expect(bench.agentNames).not.toContain("the-process");
      expect(bench.of(AGENT).resourceConsumption.input_tokens ?? 0).toBeGreaterThanOrEqual(200);
      expect(await counted(name)).toMatchObject([{ count: 2, sum: 200 }]);
    },
  );

  it("after its end is a step of the agent", async () => {
    const { name, body, ask } = PROVIDERS[0] as Provider;
    server.answers.push({ body });
    let inEnded = (work: () => unknown): unknown => work();
    const first = async () => {
      inEnded = AsyncLocalStorage.snapshot();
    };
    const second = async () => void (await inEnded(() => ask(server.url)));
    await framework.run({ agent: AGENT, tools: [first, second] });
    await bench.settled(AGENT);
    expect(bench.agentNames).not.toContain("the-process");
    expect(await counted(name)).toMatchObject([{ count: 1, sum: 100 }]);
  });
});

it("counts a model once that the OpenAI Agents SDK itself asks by the SDK of openai", async () => {
  observers.push(openAiAgents.observe(bench));
  const { body } = PROVIDERS[0] as Provider;
  const message = { role: "assistant", content: "done" };
  server.answers.push({ body: { ...body, choices: [{ index: 0, finish_reason: "stop", message }] } });
  const model = new OpenAIChatCompletionsModel(new OpenAI({ ...client, baseURL: server.url }), MODEL);
  await run(new Agent({ name: AGENT, model }), "Go.");
  expect(bench.agentNames).toEqual([AGENT]);
  expect(bench.of(AGENT).resourceConsumption).toEqual({ input_tokens: 100, output_tokens: 7 });
});

it("counts a model that a guardrail asks while the OpenAI Agents SDK asks the same one", async () => {
  observers.push(openAiAgents.observe(bench));
  const { name, body, ask } = PROVIDERS[0] as Provider;
  const message = { role: "assistant", content: "done" };
  const answer = { body: { ...body, choices: [{ index: 0, finish_reason: "stop", message }] } };
  server.answers.push(answer, answer);
  const model = new OpenAIChatCompletionsModel(new OpenAI({ ...client, baseURL: server.url }), MODEL);
  const guardrail = async () => {
    await ask(server.url);
    return { tripwireTriggered: false, outputInfo: {} };
  };
  const inputGuardrails = [{ name: "polite", execute: guardrail }];
  await run(new Agent({ name: AGENT, model, inputGuardrails }), "Go.");
  expect(server.requests).toHaveLength(2);
  expect(await counted(name)).toMatchObject([{ count: 1, sum: 100 }]);
  expect(bench.of(AGENT).resourceConsumption).toEqual({ input_tokens: 200, output_tokens: 14 });
  expect(bench.agentNames).toEqual([AGENT]);
});

describe.each([aiSdk, openAiAgents, langGraph])("with two agents of the $title", (framework) => {
  it("counts a call in a tool while the other agent waits for the same model", async () => {
    observers.push(framework.observe(bench));
    const { name, body, ask } = PROVIDERS[0] as Provider;
    server.answers.push({ body });
    const { promise: until, resolve } = Promise.withResolvers<void>();
    const other = framework.run({ agent: "waiter", until });
    const tool = async () => void (await ask(server.url));
    await framework.run({ agent: AGENT, tools: [tool] });
    resolve();
    await other;
    expect(await counted(name)).toMatchObject([{ count: 1, sum: 100 }]);
    expect(bench.agentNames).toEqual([AGENT, "waiter"]);
  });
});
