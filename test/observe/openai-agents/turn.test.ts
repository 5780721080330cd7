import { beforeEach, describe, expect, it } from "vitest";
import {
  endedSpan,
  isModelCall,
  type SpanData,
  startedSpan,
} from "../../../src/observe/openai-agents/span.ts";
import {
  modelCallEnded,
  modelHasFailed,
  type Part,
  partOf,
  turnEnded,
} from "../../../src/observe/openai-agents/turn.ts";
import { digestOf } from "../../../src/observe/work/repeated-calls.ts";
import { recordedWork } from "../work/recorded.ts";

let bench: ReturnType<typeof recordedWork>;
let agent: Part;

beforeEach(() => {
  bench = recordedWork();
  agent = { invocation: bench.work.begin("planner") as never, lastAnswer: { wasGivenUp: false } };
  bench.done();
});

const kind = (type: string, name?: string) => ({ type, name });
/** The part of a span inside another, with what beginning it records. */
function within(part: Part, type: string, name?: string): Part {
  return partOf(part, kind(type, name));
}
const tokens = (input: number, output: number, cachedInput = 0, more: object = {}) => ({
  ...{ input, output, cachedInput },
  ...more,
});
const ended = (more: object = {}) =>
  ({ outcome: "success", wasGivenUp: false, usage: undefined, model: {}, ...more }) as never;

describe("a span inside an agent", () => {
  it("that is a turn may be calling a model, and is a step", () => {
    const turn = within(agent, "turn");
    expect(bench.done()).toEqual([["goesOn"], ["opensModel"]]);
    expect(turn.turn).toMatchObject({ hasAsked: false, hasCalledTool: false, hasReportedTokens: false });
    turnEnded(turn, ended());
    expect(bench.done()).toEqual([["model closes"], ["modelAnswered", undefined]]);
  });

  it("that is a function is a tool, in a turn whose model has answered", () => {
    const turn = within(agent, "turn");
    bench.done();
    const tool = within(turn, "function", "search");
    expect(bench.done()).toEqual([["model closes"], ["toolStarts", "search"]]);
    expect([tool.atWork?.agentName, turn.turn?.hasCalledTool]).toEqual(["planner", true]);
    within(agent, "function");
    expect(bench.done()).toEqual([["toolStarts", "unknown"]]);
  });

  it.each(["guardrail", "handoff"])(
    "that is a %s runs code for its agent, as what is inside it does",
    (type) => {
      const code = within(agent, type);
      expect(code.atWork?.agentName).toBe("planner");
      expect(within(code, "custom").atWork).toBe(code.atWork);
      expect(within(agent, "custom")).not.toHaveProperty("atWork");
      expect(bench.done()).toEqual([]);
    },
  );

  it.each(["generation", "response"])("that is a %s is a model call, in a turn or by itself", (type) => {
    const turn = within(agent, "turn");
    bench.done();
    expect(within(turn, type)).not.toHaveProperty("closeModel");
    expect(bench.done()).toEqual([["askedModel"]]);
    expect(turn.turn?.hasAsked).toBe(true);
    const alone = within(agent, type);
    modelCallEnded(alone, ended());
    expect(bench.done()).toEqual([["modelStarts"], ["model closes"], ["modelEnded", "success"]]);
  });
});

describe("a model call", () => {
  it("that fails is recorded when the agent goes on, with the error that it led to", () => {
    modelCallEnded(agent, ended({ outcome: "failure", errorType: undefined }));
    expect(bench.done()).toEqual([]);
    modelHasFailed(agent, "ModelBehaviorError");
    modelHasFailed(agent, "again");
    expect(bench.done()).toEqual([["modelEnded", "failure", "ModelBehaviorError"]]);
    modelCallEnded(agent, ended({ outcome: "failure", errorType: "429" }));
    within(agent, "custom");
    expect(bench.done()).toEqual([["modelEnded", "failure", "429"]]);
  });

  it("that was given up has not ended in any way", () => {
    modelCallEnded(agent, ended({ wasGivenUp: true }));
    expect([bench.done(), agent.lastAnswer.wasGivenUp]).toEqual([[], true]);
    modelCallEnded(agent, ended());
    expect(agent.lastAnswer.wasGivenUp).toBe(false);
  });

  it("has its tokens, and then the turn has none of its own", () => {
    const turn = within(agent, "turn");
    const call = within(turn, "response");
    bench.done();
    modelCallEnded(call, ended({ usage: tokens(3, 2), model: { model: "m" } }));
    expect(bench.done()).toEqual([
      ["modelEnded", "success"],
      ["modelAnswered", tokens(3, 2), { model: "m" }],
    ]);
    turnEnded(turn, ended({ usage: tokens(3, 2) }));
    expect(bench.done()).toEqual([["model closes"]]);
  });
});

describe("the end of a turn", () => {
  const end = (how: object, prepare: (turn: Part) => void = () => {}): unknown[][] => {
    const turn = within(agent, "turn");
    prepare(turn);
    bench.done();
    turnEnded(turn, ended(how));
    return bench.done().filter(([name]) => name !== "model closes");
  };

  it("shows that a model was called, which has no span", () => {
    expect(end({ usage: tokens(3, 2) })).toEqual([
      ["askedModel"],
      ["modelEnded", "success", undefined, false],
      ["modelAnswered", tokens(3, 2)],
    ]);
    expect(end({ usage: tokens(3, 2) }, (turn) => within(turn, "function"))[1]).toEqual([
      ...["modelEnded", "success", undefined, true],
    ]);
    expect(end({ outcome: "failure" })).toEqual([["askedModel"]]);
    expect(end({ outcome: "cancelled" })).toEqual([]);
  });

  it("shows tokens of models whose spans have none", () => {
    expect(end({ usage: tokens(3, 2) }, (turn) => within(turn, "generation"))).toEqual([
      ["modelAnswered", tokens(3, 2)],
    ]);
  });

  it("shows that there are none, unless the answer was given up", () => {
    expect(end({})).toEqual([["modelAnswered", undefined]]);
    agent.lastAnswer.wasGivenUp = true;
    expect(end({})).toEqual([]);
    expect(end({ usage: tokens(1, 1) })).toHaveLength(3);
    expect(agent.lastAnswer.wasGivenUp).toBe(false);
  });

  it("is nothing outside a turn", () => {
    turnEnded(agent, ended({ usage: tokens(3, 2) }));
    expect(bench.done()).toEqual([]);
  });

  it.each([
    [
      tokens(10, 5, 4, { cacheWrite: 3 }),
      tokens(4, 2, 1, { cacheWrite: 1 }),
      tokens(6, 3, 3, { cacheWrite: 2 }),
    ],
    [tokens(10, 5), tokens(4, 2, 1, { cacheWrite: 1 }), tokens(6, 3)],
    [tokens(10, 5), tokens(10, 5), tokens(0, 0)],
    // A tool that starts a run itself: the turn does not include it.
    [tokens(10, 5), tokens(11, 2), tokens(10, 5)],
    [tokens(10, 5), tokens(4, 6), tokens(10, 5)],
  ])("with %j leaves those of agents that are tools out, which are %j: %j", (all, nested, rest) => {
    const turn = within(agent, "turn");
    const inner = { ...agent, within: turn.turn as never };
    for (let times = 0; times < 2; times += 1) {
      const half = times === 0 ? nested : tokens(0, 0);
      turnEnded(within(inner, "turn"), ended({ usage: half }));
    }
    bench.done();
    turnEnded(turn, ended({ usage: all }));
    expect(bench.done().at(-1)).toEqual(["modelAnswered", rest]);
  });
});

describe("a span of the SDK", () => {
  const span = (spanData: SpanData, error: object | null = null) =>
    endedSpan({ spanId: "1", parentId: "0", spanData, error } as never);

  it("starts with its kind, its name and its place", () => {
    const started = {
      spanId: "1",
      parentId: "0",
      spanData: { type: "function", name: "search", model: "m" },
      error: null,
    };
    expect(startedSpan(started)).toEqual({ spanId: "1", parentId: "0", type: "function", name: "search" });
    expect(["generation", "response", "turn", "function"].map((type) => isModelCall(kind(type)))).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it.each([
    [null, { outcome: "success" }],
    [undefined, { outcome: "success" }],
    [{}, { outcome: "failure" }],
    [{ data: { error: 7 } }, { outcome: "failure" }],
    [{ data: { error: "it is broken" } }, { outcome: "failure" }],
    [{ data: { error: "RangeError: no" } }, { outcome: "failure", errorType: "RangeError" }],
    [{ data: { error: "AbortError: no" } }, { outcome: "cancelled" }],
    [{ data: { error: "Error: Request was aborted." } }, { outcome: "cancelled" }],
  ])("with the error %j ends as %j", (error, how) => {
    const { outcome, errorType } = span({ type: "turn" }, error as never);
    expect(errorType === undefined ? { outcome } : { outcome, errorType }).toEqual(how);
  });

  it.each<[Partial<SpanData>, object | undefined]>([
    [{ usage: { input_tokens: 3, output_tokens: 2 } }, tokens(3, 2)],
    [
      { usage: { input_tokens: 9, cached_input_tokens: 4, cache_write_input_tokens: 1 } },
      tokens(9, 0, 4, { cacheWrite: 1 }),
    ],
    [
      { _response: { usage: { input_tokens: 9, input_tokens_details: { cached_tokens: 4 } } } },
      tokens(9, 0, 4),
    ],
    [
      { usage: { input_tokens: 9, details: { cached_tokens: 4, cache_write_tokens: 2 } } },
      tokens(9, 0, 4, { cacheWrite: 2 }),
    ],
    [
      {
        output: [
          { usage: { prompt_tokens: 9, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 4 } } },
        ],
      },
      tokens(9, 1, 4),
    ],
    [{ usage: { input_tokens: 1 }, _response: { usage: { input_tokens: 2 } } }, tokens(1, 0)],
    [{ output: "text" }, undefined],
    [{ output: [] }, undefined],
    [{}, undefined],
  ])("with %j has the tokens %j", (data, usage) => {
    expect(span({ type: "generation", ...data }).usage).toEqual(usage);
  });

  it.each<[SpanData, object]>([
    [
      { type: "response", model: "asked", _response: { model: "answered" } },
      { model: "answered", provider: "openai" },
    ],
    [
      { type: "response", model: "asked" },
      { model: "asked", provider: "openai" },
    ],
    [
      { type: "generation", model: "asked" },
      { model: "asked", provider: undefined },
    ],
  ])("of %j names the model %j", (data, model) => {
    expect(span(data).model).toEqual(model);
  });

  it.each<[SpanData, boolean]>([
    [{ type: "response", _input: "?" }, true],
    [{ type: "response", _input: "?", _response: {} }, false],
    [{ type: "response" }, false],
    [{ type: "generation", input: "?" }, true],
    [{ type: "generation", input: "?", output: "!" }, false],
    [{ type: "generation" }, false],
    [{ type: "function", input: "?" }, false],
  ])("%j was given up: %s", (data, wasGivenUp) => {
    expect(span(data).wasGivenUp).toBe(wasGivenUp);
    expect(span(data, {}).wasGivenUp).toBe(false);
  });

  it("has a digest of the arguments of a function only", () => {
    expect(span({ type: "function", input: "{}" }).argumentsDigest).toBe(digestOf("{}"));
    expect(span({ type: "generation", input: "{}" }).argumentsDigest).toBeUndefined();
  });
});
