import { tracingChannel } from "node:diagnostics_channel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { VercelAiObserver } from "../../../src/observe/ai-sdk/ai-sdk.ts";
import { digestOf } from "../../../src/observe/work/repeated-calls.ts";
import { recordedWork } from "../work/recorded.ts";

const channel = tracingChannel<unknown, object>("ai:telemetry");
const registry = globalThis as unknown as {
  AI_SDK_TELEMETRY_INTEGRATIONS?: Record<string, (event: object) => void>[];
};

let bench: ReturnType<typeof recordedWork>;
let observer: VercelAiObserver;

beforeEach(() => {
  bench = recordedWork();
  observer = new VercelAiObserver(bench.work);
  observer.start();
});
afterEach(() => observer.stop());

interface Work {
  readonly type: string;
  readonly event: Record<string, unknown>;
}

/** Work begins, with what happens inside it. */
function begins(work: Work, inside = (): void => {}): unknown[][] {
  channel.start.runStores(work, inside);
  return bench.done();
}

/** Work ends: the same object, with a result or an error. */
function ends(work: Work, how: object = {}): unknown[][] {
  channel.asyncEnd.publish(Object.assign(work, how));
  return bench.done();
}

/** The registry of the SDK reports something. */
function reports(name: "onStepEnd" | "onLanguageModelCallEnd", event: object): unknown[][] {
  for (const integration of registry.AI_SDK_TELEMETRY_INTEGRATIONS ?? []) integration[name]?.(event);
  return bench.done();
}

const generate = (callId = "1", more: object = {}): Work => ({
  ...{ type: "generateText", event: { callId, functionId: "writer", ...more } },
});
const stream = (): Work => ({ ...generate(), type: "streamText" });
const model = (callId = "1"): Work => ({
  type: "languageModelCall",
  event: { callId, modelId: "m", provider: "openai.responses" },
});
const step = (): Work => ({ type: "step", event: { callId: "1" } });
const tool = (more: object = {}): Work => ({
  ...{
    type: "executeTool",
    event: { callId: "1", toolCall: { toolName: "search", input: { a: 1 }, ...more } },
  },
});
const usage = { inputTokens: 3, outputTokens: 5, inputTokenDetails: { cacheReadTokens: 2 } };
const tokens = ["modelAnswered", { input: 3, output: 5, cachedInput: 2 }, { model: "m", provider: "openai" }];
const ended = (outcome = "success", errorType?: string) => ["end", outcome, errorType];
const modelEnded = (...how: unknown[]) => ["modelEnded", ...how];

describe("a call of the SDK", () => {
  it("is an invocation of the agent that its function id names", () => {
    const call = generate();
    expect(begins(call)).toEqual([["begin", "writer", undefined]]);
    expect(ends(call)).toEqual([ended()]);
    expect(ends(call)).toEqual([]);
  });

  it.each([
    ["7.0.154", true],
    ["7.9.0", true],
    [undefined, true],
    ["70.0.0", false],
    ["8.0.0", false],
  ])("of the version %s is followed: %s", (aiVersion, isFollowed) => {
    const [[what] = []] = begins(generate("1", { aiVersion }));
    expect(what).toBe(isFollowed ? "begin" : "logged");
  });

  it("without an id is none", () => {
    const call = generate("1", { callId: undefined });
    expect([begins(call), ends(call), begins({ type: "generateText" } as Work)]).toEqual([[], [], []]);
  });

  it("fails with its error", () => {
    const call = generate();
    begins(call);
    expect(ends(call, { error: new RangeError("no") })).toEqual([ended("failure", "RangeError")]);
  });

  it("without a name inside another one is a part of it, whose end is not its end", () => {
    const [outer, part] = [generate(), generate("2", { functionId: undefined })];
    begins(outer, () => {
      bench.done();
      channel.start.runStores(part, () => {
        channel.start.runStores(model("2"), () => {});
      });
    });
    expect(bench.done()).toEqual([]);
    begins(model("2"));
    expect(ends(part)).toEqual([]);
    expect(begins(model("2"))).toEqual([]);
    expect(ends(outer)).toEqual([ended()]);
  });

  it("with a name inside another one is an agent of its own", () => {
    begins(generate(), () => {
      bench.done();
      channel.start.runStores(generate("2", { functionId: "helper" }), () => {});
    });
    expect(begins(generate("3", { functionId: undefined }))).toEqual([["begin", undefined, undefined]]);
  });
});

describe("a call of a model", () => {
  it("has its tokens when the call ends, by its provider", () => {
    const [call, asked] = [generate(), model()];
    begins(call);
    expect(begins(asked)).toEqual([["modelStarts", "m"]]);
    expect(ends(asked, { result: { usage } })).toEqual([["model closes"], modelEnded("success")]);
    expect(ends(call)).toEqual([tokens, ended()]);
  });

  it("that fails is one that failed, once", () => {
    const [call, asked] = [generate(), model()];
    begins(call);
    begins(asked);
    expect(ends(asked, { error: new RangeError("no") })).toEqual([
      ["model closes"],
      modelEnded("failure", "RangeError"),
    ]);
    expect(ends(call, { error: new RangeError("no") })).toEqual([ended("failure", "RangeError")]);
  });

  it("that is reported by the registry is counted there, with what it could not start", () => {
    const [call, asked] = [stream(), model()];
    begins(call);
    begins(asked);
    expect(ends(asked, { result: {} })).toEqual([["model closes"]]);
    const content = [
      { type: "tool-call", invalid: true, toolName: "search", error: new RangeError("no") },
      { type: "tool-call", invalid: true, toolName: "made up", error: { name: "AI_NoSuchToolError" } },
      { type: "tool-call", invalid: true, toolName: "web", providerExecuted: true },
      { type: "tool-call", toolName: "search" },
      { type: "text", invalid: true },
    ];
    const event = { callId: "1", modelId: "m", provider: "openai.chat", usage, content };
    expect(
      reports("onLanguageModelCallEnd", { ...event, performance: { timeToFirstOutputMs: 250 } }),
    ).toEqual([
      modelEnded("success"),
      tokens,
      ["firstTokenArrived", 0.25, "m"],
      ["toolNotStarted", "search", "RangeError"],
      ["toolNotStarted", undefined, "AI_NoSuchToolError"],
    ]);
    expect(ends(call)).toEqual([ended()]);
    expect(reports("onLanguageModelCallEnd", { callId: "unknown" })).toEqual([]);
  });

  it("of which nothing more was reported has succeeded if the next begins, or the call ends well", () => {
    const [call, one, other] = [generate(), model(), model()];
    begins(call);
    begins(one);
    ends(one);
    expect(begins(other)).toEqual([modelEnded("success"), ["modelStarts", "m"]]);
    ends(other);
    expect(ends(call)).toEqual([modelEnded("success"), ended()]);
  });

  it.each([
    ["that is open", false, {}, [ended()]],
    [
      "that has answered, when its call fails",
      true,
      { error: new RangeError("no") },
      [ended("failure", "RangeError")],
    ],
  ])("%s has not succeeded", (_, hasAnswered, how, recorded) => {
    const [call, asked] = [generate(), model()];
    begins(call);
    begins(asked);
    if (hasAnswered) ends(asked);
    bench.done();
    expect(ends(call, how)).toEqual(recorded);
  });
});

describe("a stream", () => {
  const broken = () => reports("onStepEnd", { callId: "1", finishReason: "error" });

  it("that breaks off has failed, as its model has", () => {
    const [call, asked] = [stream(), model()];
    begins(call);
    begins(asked);
    expect(broken()).toEqual([modelEnded("failure", "stream_error")]);
    expect(ends(call)).toEqual([ended("failure", "stream_error")]);
  });

  it("that breaks off fails its model once, also where the end of the model is reported", () => {
    const [call, asked] = [stream(), model()];
    begins(call);
    begins(asked);
    ends(asked);
    const end = { callId: "1", finishReason: "error", usage };
    expect(reports("onLanguageModelCallEnd", end)[0]).toEqual(modelEnded("failure", "stream_error"));
    expect(broken()).toEqual([]);
    expect(ends(call)).toEqual([ended("failure", "stream_error")]);
  });

  it.each([
    ["another step begins", () => begins(step())],
    ["another model is asked", () => begins(model())],
  ])("does not fail by an error after which %s", (_, goesOn) => {
    const call = stream();
    begins(call);
    begins(model());
    broken();
    goesOn();
    bench.done();
    expect(ends(call)).toEqual([ended()]);
  });

  it("has the error of its last model, rather than that there was no output, unless it was aborted", () => {
    const call = stream();
    begins(call);
    broken();
    expect(ends(call, { error: new Error("no output") })).toEqual([ended("failure", "stream_error")]);
    const aborted = stream();
    begins(aborted);
    broken();
    expect(ends(aborted, { error: new DOMException("no", "AbortError") })).toEqual([ended("cancelled")]);
  });

  it.each([
    ["generateText", "error"],
    ["streamText", "stop"],
  ])("is not broken in %s that ends by %s", (type, finishReason) => {
    begins({ ...generate(), type });
    begins(model());
    expect(reports("onStepEnd", { callId: "1", finishReason })).toEqual([]);
    expect(reports("onStepEnd", { finishReason: "error" })).toEqual([]);
  });
});

describe("a tool", () => {
  it.each([
    [{}, ["success", undefined]],
    [{ result: { output: { type: "tool-result", error: undefined } } }, ["success", undefined]],
    [{ result: { output: { type: "tool-error", error: new RangeError("no") } } }, ["failure", "RangeError"]],
    [{ error: new TypeError("no") }, ["failure", "TypeError"]],
  ])("that ends with %o ends as %j", (how, outcome) => {
    begins(generate());
    const called = tool();
    expect(begins(called)).toEqual([["toolStarts", "search", digestOf({ a: 1 })]]);
    expect(ends(called, how)).toEqual([["tool ends", "search", ...outcome]]);
    expect(ends(called, how)).toEqual([]);
  });

  it("may have no name", () => {
    begins(generate());
    expect(begins(tool({ toolName: undefined, input: undefined }))).toEqual([
      ["toolStarts", "unknown", undefined],
    ]);
    expect(begins({ type: "executeTool", event: { callId: "unknown" } })).toEqual([]);
  });
});

it("a step is one more, and other messages are nothing", () => {
  begins(generate());
  expect(begins(step())).toEqual([["goesOn"]]);
  expect(begins({ type: "other", event: { callId: "1" } })).toEqual([]);
  expect(ends({ type: "other", event: { callId: "1" } })).toEqual([]);
});

it("nothing is seen after the stop", () => {
  const call = generate();
  begins(call);
  observer.stop();
  expect(ends(call)).toEqual([]);
  expect(begins(generate("2"))).toEqual([]);
  expect(registry.AI_SDK_TELEMETRY_INTEGRATIONS).toEqual([]);
});
