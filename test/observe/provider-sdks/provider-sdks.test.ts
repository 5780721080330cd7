import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import type Anthropic from "@anthropic-ai/sdk";
import { APIPromise } from "@anthropic-ai/sdk/core/api-promise";
import { Stream } from "@anthropic-ai/sdk/core/streaming";
import type { GoogleGenAI } from "@google/genai";
import { diag } from "@opentelemetry/api";
import { AzureOpenAI, BedrockOpenAI, type OpenAI } from "openai";
import { describe, expect, it, vi } from "vitest";
import { AgentHandle } from "../../../src/api/agent-handle.ts";
import { ProviderSdkObserver } from "../../../src/observe/provider-sdks/provider-sdks.ts";
import { OPENAI } from "../../../src/observe/provider-sdks/sdk.ts";
import type { StreamClass } from "../../../src/observe/provider-sdks/taken-responses.ts";
import { eventually } from "../../eventually.ts";
import { providersOfTests } from "./providers.ts";
import { anthropicAt, googleAt, openaiAt, unhandledRejections } from "./sdks.ts";

const AGENT = "the-process";

const providers = providersOfTests();

interface Way {
  readonly name: string;
  readonly answer: object;
  readonly events: readonly object[];
  ask(options?: { signal?: AbortSignal; maxRetries?: number }): PromiseLike<unknown> & {
    asResponse(): Promise<Response>;
    withResponse(): Promise<{ data: unknown; response: Response }>;
  };
  stream(): PromiseLike<
    AsyncIterable<unknown> & { controller: AbortController; tee(): AsyncIterable<unknown>[] }
  >;
}

const openai = (): OpenAI => openaiAt(providers.server.url);
const anthropic = (): Anthropic => anthropicAt(providers.server.url);

const thread = () => anthropic().beta.messages.thread({ model: "small", max_tokens: 9 });
const toolRunner = (how: object) =>
  anthropic().beta.messages.toolRunner({ model: "small", max_tokens: 9, messages, tools: [], ...how });

const messages = [{ role: "user" as const, content: "weather?" }];
const chunk = { id: "1", object: "chat.completion.chunk", created: 1, model: "small-1" };
const usage = { prompt_tokens: 30, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 10 } };
const responseUsage = { input_tokens: 30, output_tokens: 4, input_tokens_details: { cached_tokens: 10 } };
const response = { id: "1", object: "response", model: "small-1", output: [], usage: responseUsage };
const responseEvents = [
  { type: "response.created", response: { ...response, usage: null } },
  { type: "response.output_text.delta", delta: "sunny" },
  { type: "response.completed", response },
];
const message = { id: "1", type: "message", role: "assistant", model: "small-1", content: [] };
const messageUsage = { input_tokens: 20, cache_read_input_tokens: 10, cache_creation_input_tokens: 0 };
const messageEvents = [
  { type: "message_start", message: { ...message, usage: { ...messageUsage, output_tokens: 1 } } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "sunny" } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 4 } },
  { type: "message_stop" },
];

const WAYS: readonly Way[] = [
  {
    name: "chat.completions of openai",
    answer: { ...chunk, object: "chat.completion", choices: [], usage },
    events: [
      { ...chunk, choices: [{ index: 0, delta: { content: "sunny" } }] },
      { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
      { ...chunk, choices: [], usage },
    ],
    ask: (options) => openai().chat.completions.create({ model: "small", messages }, options),
    stream: () => openai().chat.completions.create({ model: "small", messages, stream: true }) as never,
  },
  {
    name: "responses of openai",
    answer: response,
    events: responseEvents,
    ask: (options) => openai().responses.create({ model: "small", input: "weather?" }, options),
    stream: () => openai().responses.create({ model: "small", input: "weather?", stream: true }) as never,
  },
  {
    name: "beta.responses of openai",
    answer: response,
    events: responseEvents,
    ask: (options) => openai().beta.responses.create({ model: "small", input: "weather?" }, options),
    stream: () =>
      openai().beta.responses.create({ model: "small", input: "weather?", stream: true }) as never,
  },
  {
    name: "completions of openai",
    answer: { ...chunk, object: "text_completion", choices: [], usage },
    events: [
      { ...chunk, choices: [{ index: 0, text: "sunny" }] },
      { ...chunk, choices: [{ index: 0, text: "", finish_reason: "stop" }] },
      { ...chunk, choices: [], usage },
    ],
    ask: (options) => openai().completions.create({ model: "small", prompt: "weather?" }, options),
    stream: () => openai().completions.create({ model: "small", prompt: "weather?", stream: true }) as never,
  },
  {
    name: "messages of @anthropic-ai/sdk",
    answer: { ...message, usage: { ...messageUsage, output_tokens: 4 } },
    events: messageEvents,
    ask: (options) => anthropic().messages.create({ model: "small", max_tokens: 9, messages }, options),
    stream: () =>
      anthropic().messages.create({ model: "small", max_tokens: 9, messages, stream: true }) as never,
  },
  {
    name: "beta.messages of @anthropic-ai/sdk",
    answer: { ...message, usage: { ...messageUsage, output_tokens: 4 } },
    events: messageEvents,
    ask: (options) => anthropic().beta.messages.create({ model: "small", max_tokens: 9, messages }, options),
    stream: () =>
      anthropic().beta.messages.create({ model: "small", max_tokens: 9, messages, stream: true }) as never,
  },
];

/** What an agent has done: its tokens, how its model calls ended, and what it failed at. */
function done(agentName = AGENT): object {
  const { successRate, resourceConsumption, openFailures } = providers.bench.of(agentName);
  return { successRate, tokens: resourceConsumption, failures: openFailures.length };
}

const ANSWERED = { successRate: 1, tokens: { input_tokens: 30, output_tokens: 4 }, failures: 0 };

async function read(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const parts: unknown[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

describe.each(WAYS)("$name", (way) => {
  it("counts a call for the process and leaves its answer", async () => {
    providers.server.answers.push({ body: way.answer });
    expect(await way.ask()).toMatchObject(way.answer);
    expect(done()).toEqual(ANSWERED);
  });

  it("shows of a promise and of a stream what is there without us", async () => {
    const shapes = async (): Promise<unknown[]> => {
      providers.server.answers.push({ body: way.answer }, { events: way.events });
      const promise = way.ask();
      await promise;
      const stream = await way.stream();
      await read(stream);
      const shown = [promise, stream].map((it) => Object.keys(it).toSorted());
      const functions = [promise, stream].map((it) =>
        Object.values(it)
          .filter((value) => typeof value === "function")
          .map(({ name, length }) => [name, length]),
      );
      return [shown, functions];
    };
    const observed = await shapes();
    for (const observer of providers.observers) observer.stop();
    expect(observed).toEqual(await shapes());
  });

  it("reports an error that nobody handles as without us, once, and counts it", async () => {
    const unhandled = unhandledRejections();
    providers.server.answers.push({ status: 400, body: {} }, { status: 400, body: {} });
    await expect(way.ask()).rejects.toMatchObject({ status: 400 });
    void way.ask();
    await eventually(() => expect(unhandled).toHaveBeenCalled());
    expect(unhandled.mock.calls).toEqual([[expect.objectContaining({ status: 400 }), expect.anything()]]);
    expect(done()).toMatchObject({ successRate: 0 });
  });

  it("counts a stream when it was read, with the same parts", async () => {
    providers.server.answers.push({ events: way.events });
    const stream = await way.stream();
    expect(await read(stream)).toHaveLength(way.events.length);
    expect(done()).toEqual(ANSWERED);
  });

  it("lets a stream be split", async () => {
    providers.server.answers.push({ events: way.events });
    const [one, other] = (await way.stream()).tee();
    expect(await read(one as AsyncIterable<unknown>)).toEqual(await read(other as AsyncIterable<unknown>));
    expect(done()).toEqual(ANSWERED);
  });

  it("aborts the request of a stream that is left, and counts no attempt", async () => {
    providers.server.answers.push({ events: way.events.slice(0, 1), isEndless: true });
    const stream = await way.stream();
    for await (const _ of stream) break;
    expect(stream.controller.signal.aborted).toBe(true);
    expect(done()).toMatchObject({ failures: 0 });
    expect(providers.bench.of(AGENT).failureRate).toBeUndefined();
  });

  it("counts a stream that breaks off as failed", async () => {
    providers.server.answers.push({ events: way.events.slice(0, 1) });
    await read(await way.stream()).catch(() => {});
    expect(done()).toMatchObject({ failures: 1 });
  });

  it("passes the error of the provider on and counts it, and its recovery", async () => {
    providers.server.answers.push({ status: 400, body: { error: { message: "no" } } }, { body: way.answer });
    await expect(way.ask()).rejects.toMatchObject({ status: 400 });
    expect(done()).toEqual({ successRate: 0, tokens: {}, failures: 1 });
    await providers.bench.harness.ticks(1);
    const labels = { task_type: "chat", error_type: "BadRequestError" };
    expect(await providers.bench.harness.value("ai_cloud_retried_attempts_total", labels)).toBe(1);
    await way.ask();
    expect(done()).toMatchObject({ tokens: ANSWERED.tokens, failures: 0 });
  });

  it("counts an attempt for each time that the SDK sends the request again", async () => {
    const busy = { status: 500, body: { error: { message: "busy" } }, headers: { "retry-after-ms": "1" } };
    providers.server.answers.push(busy, busy, { body: way.answer });
    await way.ask({ maxRetries: 2 });
    expect(done()).toEqual({ ...ANSWERED, successRate: 1 / 3 });
  });

  it("counts an abort as no failure", async () => {
    const controller = new AbortController();
    const asked = way.ask({ signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toThrow("aborted");
    expect(done()).toMatchObject({ tokens: {}, failures: 0 });
  });

  it("counts a call once with its response", async () => {
    providers.server.answers.push({ body: way.answer });
    const { data, response: got } = await way.ask().withResponse();
    expect(data).toMatchObject(way.answer);
    expect(got.status).toBe(200);
    expect(done()).toEqual(ANSWERED);
  });

  it("leaves a raw response unread", async () => {
    providers.server.answers.push({ body: way.answer });
    const got = await way.ask().asResponse();
    expect(got.bodyUsed).toBe(false);
    expect(await got.json()).toMatchObject(way.answer);
    expect(done()).toMatchObject({ tokens: {}, failures: 0 });
  });

  it("counts the tokens of a call whose raw response is looked at first", async () => {
    providers.server.answers.push({ body: way.answer });
    const asked = way.ask();
    expect((await asked.asResponse()).status).toBe(200);
    expect(await asked).toMatchObject(way.answer);
    expect(done()).toEqual(ANSWERED);
  });

  it("counts nothing that a framework has asked", async () => {
    providers.server.answers.push({ body: way.answer });
    const close = providers.bench.frameworkReports.modelStarts("planner", "small");
    await way.ask();
    close();
    expect(done()).toMatchObject({ tokens: {} });
  });

  it("counts what a framework has not asked, which asks another model of the family", async () => {
    providers.server.answers.push({ body: way.answer });
    const close = providers.bench.frameworkReports.modelStarts("planner", "small-mini");
    await way.ask();
    close();
    expect(done()).toEqual(ANSWERED);
  });

  it("counts nothing that a span tells of", async () => {
    providers.server.answers.push({ body: way.answer });
    const asked = way.ask();
    providers.bench.frameworkReports.spanAsks({ model: "small", operation: "chat" })();
    await asked;
    expect(done()).toMatchObject({ tokens: {} });
  });

  it("counts nothing after the observation has stopped", async () => {
    for (const observer of providers.observers) observer.stop();
    providers.server.answers.push({ body: way.answer });
    expect(await way.ask()).toMatchObject(way.answer);
    expect(providers.bench.agentNames).toEqual([]);
  });
});

const HELPERS: readonly (readonly [string, () => PromiseLike<unknown>])[] = [
  ["chat.completions.parse", () => openai().chat.completions.parse({ model: "small", messages })],
  ["chat.completions.stream", () => openai().chat.completions.stream({ model: "small", messages }).done()],
  ["responses.parse", () => openai().responses.parse({ model: "small", input: "weather?" })],
  ["responses.stream", () => openai().responses.stream({ model: "small", input: "weather?" }).done()],
  ["messages.parse", () => anthropic().messages.parse({ model: "small", max_tokens: 9, messages })],
  ["messages.stream", () => anthropic().messages.stream({ model: "small", max_tokens: 9, messages }).done()],
  ["beta.messages.parse", () => anthropic().beta.messages.parse({ model: "small", max_tokens: 9, messages })],
];

describe("helpers of the SDKs", () => {
  it.each(HELPERS)("%s passes an error on, once, and counts it", async (_, ask) => {
    const unhandled = unhandledRejections();
    providers.server.answers.push({ status: 400, body: {} });
    await expect(ask()).rejects.toMatchObject({ status: 400 });
    await turnOfEventLoop();
    expect(unhandled).not.toHaveBeenCalled();
    expect(done()).toMatchObject({ successRate: 0, failures: 1 });
  });

  it.each(["parse", "_thenUnwrap of parse"])("reports an error of %s that nobody handles", async (how) => {
    const unhandled = unhandledRejections();
    providers.server.answers.push({ status: 400, body: {} });
    const asked = openai().responses.parse({ model: "small", input: "weather?" });
    if (how === "parse") void asked;
    else (asked as unknown as { _thenUnwrap(as: () => void): void })._thenUnwrap(() => {});
    await eventually(() => expect(unhandled).toHaveBeenCalled());
    expect(unhandled.mock.calls).toEqual([[expect.objectContaining({ status: 400 }), expect.anything()]]);
  });

  it.each<readonly [string, () => PromiseLike<unknown>]>([
    ["responses.compact", () => openai().responses.compact({ model: "small" })],
    ["beta.responses.compact", () => openai().beta.responses.compact({ model: "small" })],
    ["decisions.create", () => openai().decisions.create({ model: "small", input: [], questions: [] })],
  ])("%s is a call with tokens", async (_, ask) => {
    const body = { id: "1", object: "response.compaction", output: [], usage: responseUsage };
    providers.server.answers.push({ body });
    expect(await ask()).toEqual(body);
    expect(done()).toEqual(ANSWERED);
  });

  it.each<readonly [string, () => Promise<unknown>]>([
    ["a thread", () => thread().stream({ role: "user", content: "weather?" }).finalMessage()],
    ["a tool runner", () => toolRunner({ stream: true }).runUntilDone()],
    [
      "a tool runner that starts tools early",
      () => toolRunner({ stream: true, runToolsEagerly: true }).runUntilDone(),
    ],
  ])("counts a stream of %s of Anthropic once", async (_, ask) => {
    providers.server.answers.push({ events: messageEvents });
    expect(await ask()).toMatchObject({ content: [{ text: "sunny" }] });
    expect(done()).toEqual(ANSWERED);
  });

  it.each<readonly [string, () => Promise<unknown>]>([
    ["a thread", () => thread().send({ role: "user", content: "weather?" })],
    ["a tool runner", () => toolRunner({}).runUntilDone()],
  ])("counts an answer of %s of Anthropic once", async (_, ask) => {
    providers.server.answers.push({ body: { ...message, usage: { ...messageUsage, output_tokens: 4 } } });
    await ask();
    expect(done()).toEqual(ANSWERED);
  });

  it("counts a parsed completion once", async () => {
    providers.server.answers.push({ body: WAYS[0]?.answer ?? {} });
    await openai().chat.completions.parse({ model: "small", messages });
    expect(done()).toEqual(ANSWERED);
  });

  it("counts a parsed completion whose raw response is looked at", async () => {
    providers.server.answers.push({ body: WAYS[0]?.answer ?? {} });
    const asked = openai().chat.completions.parse({ model: "small", messages });
    const { asResponse } = asked;
    expect([asResponse.name, asResponse.length, Object.keys(asked).includes("asResponse")]).toEqual([
      "asResponse",
      0,
      false,
    ]);
    expect((await asked.asResponse()).status).toBe(200);
    expect(done()).toEqual({ successRate: 1, tokens: {}, failures: 0 });
    await asked;
    expect(done()).toEqual(ANSWERED);
  });

  it("counts a message stream once", async () => {
    providers.server.answers.push({ events: messageEvents });
    const helper = anthropic().messages.stream({ model: "small", max_tokens: 9, messages });
    expect((await helper.finalMessage()).content).toMatchObject([{ text: "sunny" }]);
    expect(done()).toEqual(ANSWERED);
  });
});

it.each<readonly [string, () => OpenAI]>([
  [
    "AzureOpenAI",
    () => new AzureOpenAI({ apiKey: "none", baseURL: providers.server.url, apiVersion: "2026-01-01" }),
  ],
  ["BedrockOpenAI", () => new BedrockOpenAI({ apiKey: "none", baseURL: providers.server.url })],
])("counts the calls of %s", async (_, cloud) => {
  providers.server.answers.push({ body: response }, { events: responseEvents });
  expect(await cloud().responses.create({ model: "small", input: "weather?" })).toMatchObject(response);
  await read(await cloud().responses.create({ model: "small", input: "weather?", stream: true }));
  expect(done()).toEqual({ ...ANSWERED, tokens: { input_tokens: 60, output_tokens: 8 } });
});

it.each(["answer", "stream"])("counts what was used beside a message of Anthropic: %s", async (how) => {
  const compaction = { type: "compaction", input_tokens: 70, output_tokens: 7 };
  const advice = { type: "advisor_message", model: "wise", input_tokens: 8, output_tokens: 9 };
  const used = { output_tokens: 4, iterations: [compaction, advice] };
  const [start, ...others] = messageEvents;
  const delta = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: used };
  const events = [start, ...others.slice(0, 3), delta, { type: "message_stop" }] as object[];
  providers.server.answers.push(
    how === "stream" ? { events } : { body: { ...message, usage: { ...messageUsage, ...used } } },
  );
  const { messages: asked } = anthropic().beta;
  const given = { model: "small", max_tokens: 9, messages };
  if (how === "stream") await read(await asked.create({ ...given, stream: true }));
  else await asked.create(given);
  await providers.bench.harness.ticks(1);
  const tokens = (model: string, tokenType: string) =>
    providers.bench.harness.value("ai_cloud_model_tokens_total", { model, token_type: tokenType });
  expect(await tokens("small-1", "input")).toBe(90);
  expect(await tokens("small-1", "output")).toBe(11);
  expect(await tokens("wise", "input")).toBe(8);
  expect(await tokens("wise", "output")).toBe(9);
});

it("says once that a version is not known", () => {
  const info = vi.spyOn(diag, "info");
  const observer = new ProviderSdkObserver(providers.bench.work, OPENAI);
  for (const resource of OPENAI.resources) observer.join(resource, class {});
  const lines = info.mock.calls.map(([line]) => line);
  info.mockRestore();
  expect(lines).toEqual([
    "otel-forecast: this version of openai is not known, its model calls are not observed",
  ]);
});

it("leaves the classes of streams and promises as they were after the observation has stopped", async () => {
  const { prototype } = APIPromise as unknown as { prototype: { _responseProps: () => unknown } };
  providers.server.answers.push({ events: messageEvents });
  await thread().stream({ role: "user", content: "weather?" }).finalMessage();
  const observed = [Stream.fromSSEResponse, prototype._responseProps];
  expect(observed.map(({ name, length }) => [name, length])).toEqual([
    ["fromSSEResponse", 3],
    ["_responseProps", 0],
  ]);
  for (const observer of providers.observers) observer.stop();
  expect(Stream.fromSSEResponse).not.toBe(observed[0]);
  expect(prototype._responseProps).not.toBe(observed[1]);
});

it("leaves a class of streams of another version as it is", () => {
  const other: StreamClass = class {} as object;
  providers.observers[1]?.joinStreams(other);
  expect(Reflect.ownKeys(other)).toEqual(Reflect.ownKeys(class {}));
});

it("observes a version that lacks later methods, and adds none", () => {
  const info = vi.spyOn(diag, "info");
  class Responses {
    create(): void {}
  }
  const { create } = Responses.prototype;
  const observer = new ProviderSdkObserver(providers.bench.work, OPENAI);
  for (const resource of OPENAI.resources) observer.join(resource, Responses);
  expect(info).not.toHaveBeenCalled();
  info.mockRestore();
  expect(Reflect.ownKeys(Responses.prototype)).toEqual(["constructor", "create"]);
  expect(Responses.prototype.create).not.toBe(create);
});

it("leaves the answer as it is if the client of the application cannot be read", async () => {
  class Resource {
    get _client(): never {
      throw new Error("no client");
    }

    create(): Promise<string> {
      return Promise.resolve("sunny");
    }
  }
  const observer = new ProviderSdkObserver(providers.bench.work, OPENAI);
  for (const resource of OPENAI.resources) observer.join(resource, Resource);
  expect(await new Resource().create()).toBe("sunny");
});

it("lets a request be sent again if its count fails", async () => {
  const busy = { status: 500, body: {}, headers: { "retry-after-ms": "1" } };
  const [way] = WAYS as [Way];
  providers.server.answers.push(busy, { body: way.answer });
  const attempted = vi.spyOn(providers.bench.log, "attempted").mockImplementation(() => {
    throw new Error("no room");
  });
  expect(await way.ask({ maxRetries: 1 })).toMatchObject(way.answer);
  expect(attempted).toHaveBeenCalled();
});

describe("@google/genai", () => {
  const google = (): GoogleGenAI => googleAt(providers.server.url);
  const request = { model: "small", contents: "weather?" };
  const usageMetadata = {
    promptTokenCount: 30,
    cachedContentTokenCount: 10,
    candidatesTokenCount: 3,
    thoughtsTokenCount: 1,
  };
  const candidates = [{ content: { role: "model", parts: [{ text: "sunny" }] }, finishReason: "STOP" }];
  const answer = { candidates, usageMetadata, modelVersion: "small-1" };
  const first = { candidates: [{ content: { role: "model", parts: [{ text: "sun" }] } }] };

  it("counts a call and leaves its answer", async () => {
    providers.server.answers.push({ body: answer });
    expect((await google().models.generateContent(request)).text).toBe("sunny");
    expect(done()).toEqual(ANSWERED);
  });

  it("counts the messages of a chat", async () => {
    providers.server.answers.push({ body: answer });
    await google().chats.create({ model: "small" }).sendMessage({ message: "weather?" });
    expect(done()).toEqual(ANSWERED);
  });

  it("counts a decision, whose answer does not name its model", async () => {
    const used = { total_input_tokens: 30, total_output_tokens: 4 };
    providers.server.answers.push({ body: { answers: {}, usage: used } });
    const asked = { model: "small", input: "weather?", questions: {} };
    expect(await google().decisions.create(asked)).toMatchObject({ answers: {}, usage: used });
    expect(done()).toEqual(ANSWERED);
    await providers.bench.harness.ticks(1);
    const labels = { model: "small", token_type: "input" };
    expect(await providers.bench.harness.value("ai_cloud_model_tokens_total", labels)).toBe(30);
  });

  it("counts a stream when it was read", async () => {
    providers.server.answers.push({ events: [first, answer] });
    expect(await read(await google().models.generateContentStream(request))).toHaveLength(2);
    expect(done()).toEqual(ANSWERED);
  });

  it("counts a stream as answered that has no answer because the prompt is blocked", async () => {
    providers.server.answers.push({ events: [{ promptFeedback: { blockReason: "SAFETY" }, usageMetadata }] });
    expect(await read(await google().models.generateContentStream(request))).toHaveLength(1);
    expect(done()).toEqual(ANSWERED);
  });

  it("counts no attempt for a stream that is left", async () => {
    providers.server.answers.push({ events: [first], isEndless: true });
    for await (const _ of await google().models.generateContentStream(request)) break;
    expect(done()).toMatchObject({ tokens: {}, failures: 0 });
  });

  it("passes the error of the provider on and counts it", async () => {
    providers.server.answers.push({ status: 400, body: { error: { message: "no", code: 400 } } });
    await expect(google().models.generateContent(request)).rejects.toMatchObject({ status: 400 });
    expect(done()).toMatchObject({ failures: 1 });
  });
});

it.each(WAYS)("counts a call of $name within a task for the agent of the task", async ({ ask, answer }) => {
  providers.server.answers.push({ body: answer });
  const { recorder } = providers.bench.harness.pipeline.instruments;
  const planner = new AgentHandle("planner", recorder, providers.bench.harness.world.elapsedMillis);
  await planner.task("plan", async () => {
    await ask();
  });
  expect(providers.bench.of("planner")).toMatchObject({
    completedTasks: 1,
    resourceConsumption: { input_tokens: 30, output_tokens: 4 },
  });
  expect(providers.bench.agentNames).toEqual(["planner"]);
});
