import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import type { GoogleGenAI } from "@google/genai";
import { describe, expect, it } from "vitest";
import { GOOGLE, type ModelResource } from "../../../src/observe/provider-sdks/sdk.ts";
import { eventually } from "../../eventually.ts";
import { providersOfTests } from "./providers.ts";
import { googleAt, unhandledRejections } from "./sdks.ts";

const AGENT = "the-process";
const usage = { total_input_tokens: 30, total_output_tokens: 3, total_thought_tokens: 1 };
const steps = [{ type: "model_output", content: [{ type: "text", text: "sunny" }] }];
const interaction = { id: "i-1", object: "interaction", model: "small-1", status: "completed", steps, usage };
const created = {
  event_type: "interaction.created",
  interaction: { id: "i-1", model: "small-1", status: "in_progress" },
};
const delta = { event_type: "step.delta", index: 0, delta: { type: "text", text: "sunny" } };
const completed = { event_type: "interaction.completed", interaction };
/** The provider stops, and goes on if it is asked again with this token. */
const unfinished = { ...interaction, status: "requires_continuation", continuation_token: "more" };
const request = { model: "small", input: "weather?" };
const ANSWERED = { successRate: 1, tokens: { input_tokens: 30, output_tokens: 4 }, failures: 0 };

const providers = providersOfTests();

const interactions = (): GoogleGenAI["interactions"] => googleAt(providers.server.url).interactions;
const stream = () => interactions().create({ ...request, stream: true });

function done(): object {
  const { successRate, resourceConsumption, openFailures } = providers.bench.of(AGENT);
  return { successRate, tokens: resourceConsumption, failures: openFailures.length };
}

async function read(parts: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

describe("an interaction", () => {
  it("is counted, and its answer stays as it is", async () => {
    providers.server.answers.push({ body: interaction });
    expect(await interactions().create(request)).toMatchObject({ id: "i-1", output_text: "sunny" });
    expect(done()).toEqual(ANSWERED);
  });

  it("that the SDK continues is one call, with the tokens of all requests", async () => {
    providers.server.answers.push({ body: unfinished }, { body: { ...interaction, id: "i-2" } });
    await interactions().create(request);
    expect(providers.server.requests).toHaveLength(2);
    expect(done()).toEqual({ ...ANSWERED, tokens: { input_tokens: 60, output_tokens: 8 } });
  });

  it("passes the error of the provider on and counts it", async () => {
    providers.server.answers.push({ status: 400, body: { error: { message: "no" } } });
    await expect(interactions().create(request)).rejects.toMatchObject({ status: 400 });
    expect(done()).toEqual({ successRate: 0, tokens: {}, failures: 1 });
  });

  it("reports an error that nobody handles, once", async () => {
    const unhandled = unhandledRejections();
    providers.server.answers.push({ status: 400, body: {} });
    void interactions().create(request);
    await eventually(() => expect(unhandled).toHaveBeenCalled());
    expect(unhandled.mock.calls).toEqual([[expect.objectContaining({ status: 400 }), expect.anything()]]);
  });

  it("that the application aborts is no failure", async () => {
    const controller = new AbortController();
    const asked = interactions().create(request, { fetchOptions: { signal: controller.signal } });
    controller.abort();
    await expect(asked).rejects.toThrow();
    expect(done()).toMatchObject({ failures: 0 });
  });

  it("is not counted if a framework has asked", async () => {
    providers.server.answers.push({ body: interaction });
    const close = providers.bench.frameworkReports.modelStarts("planner", "small");
    await interactions().create(request);
    close();
    expect(providers.bench.agentNames).toEqual([]);
  });

  it("is not counted after the observation has stopped", async () => {
    for (const observer of providers.observers) observer.stop();
    providers.server.answers.push({ body: interaction }, { events: [created, completed] });
    expect(await interactions().create(request)).toMatchObject({ id: "i-1" });
    expect(await read(await stream())).toHaveLength(2);
    expect(providers.bench.agentNames).toEqual([]);
  });
});

describe("a stream of an interaction", () => {
  it("is counted when it was read, with the same parts", async () => {
    providers.server.answers.push({ events: [created, delta, completed] });
    expect(await read(await stream())).toHaveLength(3);
    expect(done()).toEqual(ANSWERED);
  });

  it("is counted by whatever means it is read", async () => {
    providers.server.answers.push({ events: [created, delta, completed] });
    const [one, other] = (await stream()).tee();
    expect(await read(one)).toEqual(await read(other));
    expect(done()).toEqual(ANSWERED);
  });

  it("that the SDK continues is a call for each request", async () => {
    const stopped = { event_type: "interaction.completed", interaction: unfinished };
    providers.server.answers.push(
      { events: [created, delta, stopped] },
      { events: [created, delta, completed] },
    );
    expect(await read(await stream())).toHaveLength(6);
    expect(done()).toEqual({ ...ANSWERED, tokens: { input_tokens: 60, output_tokens: 8 } });
  });

  it("that is left is no attempt", async () => {
    providers.server.answers.push({ events: [created, delta], isEndless: true });
    for await (const _ of await stream()) break;
    expect(done()).toMatchObject({ tokens: {}, failures: 0 });
    expect(providers.bench.of(AGENT).failureRate).toBeUndefined();
  });

  it("that breaks off has failed", async () => {
    providers.server.answers.push({ events: [created, delta] });
    await read(await stream());
    expect(done()).toMatchObject({ failures: 1 });
  });

  it("passes the error of the provider on, once, and counts it", async () => {
    const unhandled = unhandledRejections();
    providers.server.answers.push({ status: 400, body: { error: { message: "no" } } });
    await expect(stream()).rejects.toMatchObject({ status: 400 });
    expect(done()).toEqual({ successRate: 0, tokens: {}, failures: 1 });
    expect(unhandled).not.toHaveBeenCalled();
    await providers.bench.harness.ticks(1);
    const labels = { task_type: "chat", error_type: "CreateInteractionClientError" };
    expect(await providers.bench.harness.value("ai_cloud_retried_attempts_total", labels)).toBe(1);
  });

  // Node forgets the abort of a request that was collected as garbage meanwhile: then nothing ends the stream.
  it("that the application aborts is no failure", { retry: 3, timeout: 20_000 }, async () => {
    providers.server.answers.push({ events: [created, delta], isEndless: true });
    const controller = new AbortController();
    const how = { fetchOptions: { signal: controller.signal } };
    const parts = await interactions().create({ ...request, stream: true }, how);
    const reading = (async () => {
      for await (const _ of parts) controller.abort();
    })();
    await expect(reading).rejects.toThrow();
    expect(done()).toMatchObject({ tokens: {}, failures: 0 });
    expect(providers.bench.of(AGENT).failureRate).toBeUndefined();
  });
});

describe("what can't be watched", () => {
  const resource = GOOGLE.resources.find(({ className }) => className === "Interactions") as ModelResource;

  it("stays as it is: a stream that is frozen", async () => {
    const unhandled = unhandledRejections();
    const frozen = Object.freeze(new ReadableStream());
    class Interactions {
      create(_: object): PromiseLike<unknown> {
        // biome-ignore lint/suspicious/noThenProperty: as the promises of the SDK have it.
        return { then: (resolve) => Promise.resolve(frozen).then(resolve) };
      }
    }
    providers.observers[2]?.join(resource, Interactions);
    expect(await new Interactions().create({ stream: true })).toBe(frozen);
    await turnOfEventLoop();
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("stays as it is: parameters that throw when they are read", async () => {
    class Interactions {
      create(): void {}

      get(..._: unknown[]): string {
        return "sunny";
      }
    }
    providers.observers[2]?.join(resource, Interactions);
    const params = {
      get stream(): never {
        throw new Error("no stream");
      },
    };
    expect(new Interactions().get("i-1", params)).toBe("sunny");
  });
});

describe("an interaction in the background", () => {
  const begun = { ...interaction, status: "in_progress", steps: [], usage: undefined };

  it("is counted once, when its end is first seen", async () => {
    providers.server.answers.push(
      { body: begun },
      { body: begun },
      { body: interaction },
      { body: interaction },
    );
    await interactions().create({ ...request, background: true });
    await interactions().get("i-1");
    expect(providers.bench.of(AGENT).failureRate).toBeUndefined();
    expect(done()).toMatchObject({ tokens: {} });
    expect(await interactions().get("i-1")).toMatchObject({ output_text: "sunny" });
    await interactions().get("i-1");
    expect(done()).toEqual(ANSWERED);
  });

  it("is counted when its stream is read later", async () => {
    providers.server.answers.push({ body: begun }, { events: [created, delta, completed] });
    await interactions().create({ ...request, background: true });
    expect(await read(await interactions().get("i-1", { stream: true }))).toHaveLength(3);
    expect(done()).toEqual(ANSWERED);
  });
});
