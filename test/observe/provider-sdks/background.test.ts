import type OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { AgentHandle } from "../../../src/api/agent-handle.ts";
import { BackgroundAnswers } from "../../../src/observe/provider-sdks/background.ts";
import { providersOfTests } from "./providers.ts";
import { openaiAt, unhandledRejections } from "./sdks.ts";

const AGENT = "the-process";
const usage = { input_tokens: 30, output_tokens: 4 };
const response = { id: "r-1", object: "response", status: "completed", model: "small-1", output: [], usage };
const queued = { ...response, status: "queued", usage: null };
const working = { ...queued, status: "in_progress" };
const created = { type: "response.created", response: working };
const delta = { type: "response.output_text.delta", delta: "sunny" };
const completed = { type: "response.completed", response };
const ANSWERED = { successRate: 1, tokens: { input_tokens: 30, output_tokens: 4 }, failures: 0 };
const NOTHING = { successRate: undefined, tokens: {}, failures: 0 };

const providers = providersOfTests();

function done(): object {
  const { successRate, resourceConsumption, openFailures } = providers.bench.of(AGENT);
  return { successRate, tokens: resourceConsumption, failures: openFailures.length };
}

async function read(parts: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of parts);
}

const WAYS: readonly (readonly [string, () => OpenAI["responses"]])[] = [
  ["responses", () => openaiAt(providers.server.url).responses],
  ["beta.responses", () => openaiAt(providers.server.url).beta.responses as unknown as OpenAI["responses"]],
];

describe.each(WAYS)("a response of %s in the background", (_, responses) => {
  const begin = async (body: object = queued): Promise<void> => {
    providers.server.answers.push({ body });
    await responses().create({ model: "small", input: "weather?", background: true });
  };
  const ask = (body: object): PromiseLike<unknown> => {
    providers.server.answers.push({ body });
    return responses().retrieve("r-1");
  };

  it("is counted once, when its end is first seen", async () => {
    await begin();
    await ask(working);
    expect(done()).toEqual(NOTHING);
    expect(await ask(response)).toMatchObject(response);
    expect(done()).toEqual(ANSWERED);
    await ask(response);
    expect(done()).toEqual(ANSWERED);
  });

  it("is counted at once if it has ended at once", async () => {
    await begin(response);
    expect(done()).toEqual(ANSWERED);
    await ask(response);
    expect(done()).toEqual(ANSWERED);
  });

  it("may fail", async () => {
    await begin();
    await ask({ ...queued, status: "failed" });
    expect(done()).toEqual({ successRate: 0, tokens: {}, failures: 1 });
  });

  it("may be cancelled", async () => {
    await begin();
    providers.server.answers.push({ body: { ...queued, status: "cancelled" } });
    await responses().cancel("r-1");
    await ask({ ...queued, status: "cancelled" });
    expect(done()).toEqual(NOTHING);
  });

  it("goes on if a request for it fails, or its answer is left unread", async () => {
    await begin();
    providers.server.answers.push({ status: 500, body: {} }, { body: response });
    await expect(responses().retrieve("r-1")).rejects.toMatchObject({ status: 500 });
    await responses().retrieve("r-1").asResponse();
    expect(done()).toEqual(NOTHING);
    await ask(response);
    expect(done()).toEqual(ANSWERED);
  });

  it("is counted when its stream is read later", async () => {
    await begin();
    providers.server.answers.push({ events: [created, delta, completed] });
    await read(await responses().retrieve("r-1", { stream: true }));
    expect(done()).toEqual(ANSWERED);
  });

  it.each(["left", "broken off"])("goes on if its stream is %s", async (how) => {
    providers.server.answers.push({ events: [created, delta], isEndless: how === "left" });
    const given = { model: "small", input: "weather?", background: true, stream: true } as const;
    const stream = await responses().create(given);
    if (how === "left") for await (const _ of stream) break;
    else await read(stream);
    expect(done()).toEqual(NOTHING);
    await ask(response);
    expect(done()).toEqual(ANSWERED);
  });

  it("counts for the task that began it", async () => {
    const { recorder } = providers.bench.harness.pipeline.instruments;
    const planner = new AgentHandle("planner", recorder, providers.bench.harness.world.elapsedMillis);
    await planner.task("plan", () => begin());
    await ask(response);
    expect(providers.bench.of("planner").resourceConsumption).toEqual(ANSWERED.tokens);
    expect(providers.bench.agentNames).toEqual(["planner"]);
  });

  it("is not known to another process, which counts nothing", async () => {
    await ask(response);
    expect(providers.bench.agentNames).toEqual([]);
  });

  it("leaves errors of later requests as they are", async () => {
    const unhandled = unhandledRejections();
    await begin();
    providers.server.answers.push({ status: 404, body: {} });
    await expect(responses().retrieve("r-1")).rejects.toMatchObject({ status: 404 });
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("is not counted after the observation has stopped", async () => {
    await begin();
    for (const observer of providers.observers) observer.stop();
    await ask(response);
    expect(done()).toEqual(NOTHING);
  });
});

it("remembers 1000 answers, and forgets the one that began first", () => {
  const answers = new BackgroundAnswers();
  for (let at = 0; at <= 1000; at += 1) answers.add(`r-${at}`, { polled: () => false });
  expect([0, 1, 1000].map((at) => answers.poll(`r-${at}`) !== undefined)).toEqual([false, true, true]);
});

it("forgets an answer that has ended", () => {
  const answers = new BackgroundAnswers();
  answers.add("r", { polled: (part) => part === "end" });
  answers.poll("r")?.part("delta");
  expect(answers.poll("r")).toBeDefined();
  answers.poll("r")?.part("end");
  expect(answers.poll("r")).toBeUndefined();
});
