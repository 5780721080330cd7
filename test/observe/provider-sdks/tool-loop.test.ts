import OpenAI from "openai";
import { zodFunction } from "openai/helpers/zod";
import { AbstractChatCompletionRunner } from "openai/lib/AbstractChatCompletionRunner";
import { Completions } from "openai/resources/chat/completions/completions";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { ProviderSdkObserver } from "../../../src/observe/provider-sdks/provider-sdks.ts";
import { type ModelResource, OPENAI } from "../../../src/observe/provider-sdks/sdk.ts";
import { type ToolLoopClass, ToolLoopObserver } from "../../../src/observe/provider-sdks/tool-loop.ts";
import { AgentAtWork, workFor } from "../../../src/observe/work/current-agent.ts";
import { WorkBench } from "../bench-of-work.ts";
import { ProviderServer } from "./provider-server.ts";

const AGENT = "the-process";
let bench: WorkBench;
let server: ProviderServer;
let observers: { stop(): void }[];

beforeEach(async () => {
  bench = new WorkBench();
  server = await ProviderServer.start();
  const models = new ProviderSdkObserver(bench.work, OPENAI);
  models.join(OPENAI.resources[0] as ModelResource, Completions);
  const loops = new ToolLoopObserver(bench.work);
  loops.join(AbstractChatCompletionRunner as unknown as ToolLoopClass);
  observers = [models, loops];
});
afterEach(() => {
  for (const observer of observers) observer.stop();
  server.stop();
});

const usage = { prompt_tokens: 30, completion_tokens: 4 };
const completion = { id: "1", object: "chat.completion", created: 1, model: "small-1", usage };
const call = { id: "call", type: "function", function: { name: "weather", arguments: "{}" } };
const asks = {
  ...completion,
  choices: [{ index: 0, finish_reason: "tool_calls", message: { role: "assistant", tool_calls: [call] } }],
};
const answers = {
  ...completion,
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "sunny" } }],
};

/** An answer that asks for a tool. */
function asking(name: string, args: string): object {
  const called = { id: "call", type: "function", function: { name, arguments: args } };
  const message = { role: "assistant", tool_calls: [called] };
  return { ...completion, choices: [{ index: 0, finish_reason: "tool_calls", message }] };
}

/** A loop with one tool. */
function loop(weather: () => unknown, how: object = {}) {
  const client = new OpenAI({ apiKey: "none", baseURL: server.url, maxRetries: 0 });
  return client.chat.completions.runTools({
    model: "small",
    messages: [{ role: "user", content: "weather?" }],
    tools: [
      {
        type: "function",
        function: { name: "weather", description: "weather", parameters: {}, function: weather, ...how },
      },
    ],
  } as never);
}

it("counts a loop as a run, with its tools and model calls", async () => {
  server.answers.push({ body: asks }, { body: answers });
  expect(await loop(async () => "sunny").finalContent()).toBe("sunny");
  const { completedTasks, failedTasks, activeTasks, resourceConsumption } = bench.of(AGENT);
  expect({ completedTasks, failedTasks, activeTasks }).toEqual({
    completedTasks: 1,
    failedTasks: 0,
    activeTasks: 0,
  });
  expect(resourceConsumption).toEqual({ input_tokens: 60, output_tokens: 8 });
  expect(await bench.standard()).toMatchObject({
    gen_ai_execute_tool_duration_seconds: [{ "gen_ai.tool.name": "weather", count: 1 }],
  });
});

it("runs a tool that is an object with private members, in parameters that inherit", async () => {
  class Weather {
    readonly #unit = "celsius";
    readonly description = "weather";
    readonly parameters = {};
    get name(): string {
      return this.#unit === "celsius" ? "weather" : "other";
    }
    parse(given: string): { readonly unit: string } {
      return { ...JSON.parse(given), unit: this.#unit };
    }
    function({ unit }: { readonly unit: string }): string {
      return unit === this.#unit ? "sunny" : "unknown";
    }
  }
  class Params {
    readonly model = "small";
    readonly tools = [Object.freeze({ type: "function", function: Object.freeze(new Weather()) })];
    get messages(): object[] {
      return [{ role: "user", content: "weather?" }];
    }
  }
  server.answers.push({ body: asks }, { body: answers });
  const client = new OpenAI({ apiKey: "none", baseURL: server.url, maxRetries: 0 });
  expect(await client.chat.completions.runTools(new Params() as never).finalContent()).toBe("sunny");
  expect(server.requests[1]?.body).toMatchObject({
    messages: [{ role: "user" }, { role: "assistant" }, { role: "tool", content: "sunny" }],
  });
  expect(await bench.standard()).toMatchObject({
    gen_ai_execute_tool_duration_seconds: [{ "gen_ai.tool.name": "weather", count: 1 }],
  });
});

it("names a tool by its function if it has no other name", async () => {
  server.answers.push({ body: asks }, { body: answers });
  const client = new OpenAI({ apiKey: "none", baseURL: server.url, maxRetries: 0 });
  const weather = { parameters: {}, function: { weather: () => "sunny" }.weather };
  const tools = [{ type: "function", function: weather }];
  const given = { model: "small", messages: [{ role: "user", content: "weather?" }], tools };
  expect(await client.chat.completions.runTools(given as never).finalContent()).toBe("sunny");
  expect(server.requests[0]?.body).toMatchObject({ tools: [{ function: { name: "weather" } }] });
  expect(await bench.standard()).toMatchObject({
    gen_ai_execute_tool_duration_seconds: [{ "gen_ai.tool.name": "weather", count: 1 }],
  });
});

it("counts a loop for the agent around it", async () => {
  server.answers.push({ body: answers });
  await workFor(new AgentAtWork("planner"), () => loop(() => "sunny").done());
  expect(bench.of("planner")).toMatchObject({ completedTasks: 1 });
  expect(bench.agentNames).toEqual(["planner"]);
});

it("fails with the error of a tool", async () => {
  server.answers.push({ body: asks });
  const failure = new RangeError("no weather");
  const weather = async (): Promise<never> => {
    throw failure;
  };
  await expect(loop(weather).done()).rejects.toThrow("no weather");
  expect(bench.of(AGENT)).toMatchObject({ failedTasks: 1, activeTasks: 0 });
});

it("is cancelled by an abort", async () => {
  server.answers.push({ body: asks });
  const running = loop(() => running.abort());
  await expect(running.done()).rejects.toThrow("aborted");
  expect(bench.of(AGENT)).toMatchObject({ cancelledTasks: 1, failedTasks: 0, activeTasks: 0 });
});

async function retried(labels: object): Promise<number | undefined> {
  await bench.harness.ticks(1);
  return bench.harness.value("ai_cloud_retried_attempts_total", { agent: AGENT, ...labels });
}

it("counts a call of a tool that does not exist as a failed attempt", async () => {
  server.answers.push({ body: asking("made-up", "{}") }, { body: asks }, { body: answers });
  expect(await loop(async () => "sunny").finalContent()).toBe("sunny");
  expect(await retried({ task_type: "execute_tool unknown", error_type: "tool_not_found" })).toBe(1);
  expect(bench.of(AGENT)).toMatchObject({ completedTasks: 1, openFailures: [] });
});

it.each([
  ["throws", JSON.parse],
  [
    "rejects",
    async () => {
      throw new RangeError("no city");
    },
  ],
])("counts arguments whose parsing %s as a failed attempt", async (_, parse) => {
  server.answers.push({ body: asking("weather", "no json") }, { body: answers });
  expect(await loop(async () => "sunny", { parse }).finalContent()).toBe("sunny");
  expect(await retried({ task_type: "execute_tool weather", error_type: "invalid_tool_input" })).toBe(1);
});

it("counts arguments that a tool with a schema does not take as a failed attempt", async () => {
  server.answers.push({ body: asking("weather", "{}") }, { body: answers });
  const client = new OpenAI({ apiKey: "none", baseURL: server.url, maxRetries: 0 });
  const weather = { name: "weather", parameters: z.object({ city: z.string() }), function: () => "sunny" };
  const given = { model: "small", messages: [{ role: "user", content: "weather?" }] };
  const tools = [zodFunction(weather as never)];
  expect(await client.chat.completions.runTools({ ...given, tools } as never).finalContent()).toBe("sunny");
  expect(await retried({ task_type: "execute_tool weather", error_type: "invalid_tool_input" })).toBe(1);
});

it("runs as without us if it cannot be recorded", async () => {
  server.answers.push({ body: asks }, { body: answers });
  const begin = vi.spyOn(bench.work, "begin").mockImplementation(() => {
    throw new Error("no room");
  });
  expect(await loop(async () => "sunny").finalContent()).toBe("sunny");
  expect(begin).toHaveBeenCalled();
});
