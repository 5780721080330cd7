import { beforeEach, describe, expect, it } from "vitest";
import {
  announcedCall,
  endingOf,
  isOfUser,
  isOutput,
  usageOf,
} from "../../../src/observe/openai-realtime/event.ts";
import { Turn } from "../../../src/observe/openai-realtime/turn.ts";
import { digestOf } from "../../../src/observe/work/repeated-calls.ts";
import { recordedWork } from "../work/recorded.ts";

let bench: ReturnType<typeof recordedWork>;
let overs: number;
let turn: Turn;

beforeEach(() => {
  bench = recordedWork();
  overs = 0;
  turn = new Turn(bench.work, "guide", () => {
    overs += 1;
  });
  expect(bench.done()).toEqual([["begin", "guide", ""]]);
});

/** What is recorded by these steps. */
function by(...steps: (() => unknown)[]): unknown[][] {
  for (const step of steps) step();
  return bench.done();
}

const starts = () => turn.responseStarts("small");
const answered = () => turn.responseEnded({ status: "completed" });
const usage = { input_tokens: 3, output_tokens: 5, input_token_details: { cached_tokens: 2 } };
const unknown = { model: "small", provider: "openai" };
const ended = (outcome = "success", errorType?: string) => [
  ["model closes"],
  ["modelEnded", outcome, errorType],
  ["modelAnswered", undefined, unknown],
];
const end = (outcome = "success", errorType?: string) => [["model closes"], ["end", outcome, errorType]];

describe("a turn", () => {
  it("ends with the response that asks for no tool", () => {
    expect(by(starts)).toEqual([["modelStarts", "small"]]);
    bench.clock.now += 500;
    expect(
      by(
        () => turn.outputArrived(),
        () => turn.outputArrived(),
      ),
    ).toEqual([["firstTokenArrived", 0.5, "small"]]);
    expect(by(answered)).toEqual([...ended(), ...end()]);
    expect(overs).toBe(1);
    expect(by(answered)).toEqual([]);
  });

  it.each([
    [{ status: "cancelled" }, "cancelled", undefined],
    [{ status: "failed" }, "failure", "response_failed"],
  ])("ends as its response %j does", (response, outcome, errorType) => {
    expect(by(starts, () => turn.responseEnded(response))).toEqual([
      ["modelStarts", "small"],
      ...ended(outcome, errorType),
      ...end(outcome, errorType),
    ]);
  });

  it("has the tokens of its response", () => {
    by(starts);
    const answer = by(() => turn.responseEnded({ usage }))[2];
    expect(answer).toEqual(["modelAnswered", { input: 3, output: 5, cachedInput: 2 }, unknown]);
  });

  it("closes the model before it asks again", () => {
    expect(by(starts, starts)).toEqual([
      ["modelStarts", "small"],
      ["model closes"],
      ["modelStarts", "small"],
    ]);
  });

  it("goes on after a tool, until the response to its result", () => {
    by(starts, () => turn.calls("1"));
    expect(by(answered)).toEqual(ended());
    expect(by(() => turn.toolStarts("1", "search", "{}"))).toEqual([
      ["toolStarts", "search", digestOf("{}")],
    ]);
    expect(
      by(
        () => turn.toolEnded("1", "found"),
        () => turn.toolEnded("1", "again"),
      ),
    ).toEqual([["tool ends", "search", "success"]]);
    expect(overs).toBe(0);
    expect(by(starts, answered).slice(2)).toEqual([...ended(), ...end()]);
  });

  it("fails if the calls that its response asked for are gone without a result", () => {
    by(starts, () => turn.calls("1"), answered);
    expect(by(() => turn.callFailed(new RangeError("no")))).toEqual([
      ["toolNotStarted", undefined, "RangeError"],
      ...end("failure", "RangeError"),
    ]);
  });

  it("waits for all of its tools", () => {
    by(
      starts,
      () => turn.toolStarts("1", "search", "{}"),
      () => turn.toolStarts("2", "search", "{}"),
      answered,
    );
    // Which of the two has failed is not known.
    expect(by(() => turn.callFailed(new RangeError("no")))).toEqual([]);
    expect(by(() => turn.toolEnded("1", "An error occurred while running the tool: no"))).toEqual([
      ["tool ends", "search", "failure", "tool_error"],
    ]);
    expect(by(() => turn.callFailed(new RangeError("no")))).toEqual([
      ["tool ends", "search", "failure", "RangeError"],
    ]);
    expect(by(() => turn.callFailed(new RangeError("no")))).toEqual([]);
    expect(overs).toBe(0);
  });

  it.each([
    ["An error occurred while parsing tool arguments: no", "failure"],
    ["Tool execution was not approved.", "failure"],
    ["Tool execution was not approved. It is late.", "success"],
    ["No. An error occurred while running the tool", "success"],
    [7, "success"],
  ])("has a tool with the result %j that ends in %s", (result, outcome) => {
    by(() => turn.toolStarts("1", "search", "{}"));
    expect(by(() => turn.toolEnded("1", result))[0]?.[2]).toBe(outcome);
  });

  it("ends when it hands over, once its tools have ended and its response", () => {
    by(
      starts,
      () => turn.calls("handoff"),
      () => turn.toolStarts("1", "search", "{}"),
    );
    expect(by(() => turn.handsOver())).toEqual([]);
    expect(by(answered)).toEqual(ended());
    expect(by(() => turn.toolEnded("1", "found"))).toEqual([["tool ends", "search", "success"], ...end()]);
  });

  it("ends when a person speaks, unless a response or a tool is open", () => {
    by(starts);
    expect(by(() => turn.personSpoke())).toEqual([]);
    by(() => turn.calls("1"), answered);
    expect(by(() => turn.personSpoke())).toEqual([]);
    by(
      () => turn.toolStarts("1", "search", "{}"),
      () => turn.toolEnded("1", "found"),
    );
    expect(by(() => turn.personSpoke())).toEqual(end());
  });

  it("follows at most a thousand open tools", () => {
    for (let index = 0; index < 1001; index += 1) turn.toolStarts(`${index}`, "search", "{}");
    expect(by()).toHaveLength(1000);
    turn.toolEnded("0", "");
    turn.toolStarts("again", "search", "{}");
    expect(by()).toHaveLength(2);
    const agent = turn.toolStarts("too many", "search", "{}");
    expect([agent.agentName, by()]).toEqual(["guide", []]);
  });
});

describe("an event", () => {
  it.each([
    [{ type: "response.output_text.delta" }, true],
    [{ type: "response.output_text.done" }, false],
    [{ type: "conversation.delta" }, false],
    [{}, false],
  ])("%j has a part of an answer: %s", (event, isPart) => {
    expect(isOutput(event as never)).toBe(isPart);
  });

  it.each([
    [{ type: "response.output_item.done", item: { type: "function_call", call_id: "1" } }, "1"],
    [{ type: "response.output_item.done", item: { type: "message", call_id: "1" } }, undefined],
    [{ type: "response.output_item.added", item: { type: "function_call", call_id: "1" } }, undefined],
    [{ type: "response.output_item.done" }, undefined],
  ])("%j announces the call %s", (event, call) => {
    expect(announcedCall(event as never)).toBe(call);
  });

  it.each([
    [{ type: "conversation.item.added", item: { role: "user" } }, true],
    [{ type: "conversation.item.added", item: { role: "assistant" } }, false],
    [{ type: "conversation.item.done", item: { role: "user" } }, false],
    [{ type: "conversation.item.added" }, false],
  ])("%j is of a person: %s", (event, isOf) => {
    expect(isOfUser(event as never)).toBe(isOf);
  });

  it.each([
    [{ status: "incomplete" }, { outcome: "success" }],
    [{}, { outcome: "success" }],
    [{ status: "cancelled" }, { outcome: "cancelled" }],
    [
      { status: "failed", status_details: { error: { type: "t", code: "c" } } },
      { outcome: "failure", errorType: "c" },
    ],
    [
      { status: "failed", status_details: { error: { type: "t" } } },
      { outcome: "failure", errorType: "t" },
    ],
    [
      { status: "failed", status_details: { error: null } },
      { outcome: "failure", errorType: "response_failed" },
    ],
  ])("of a response %j ends as %j", (response, ending) => {
    expect(endingOf(response as never)).toEqual(ending);
  });

  it("of a response may have no tokens", () => {
    expect(usageOf({})).toBeUndefined();
    expect(usageOf({ usage: { output_tokens: 1 } })).toEqual({ input: 0, output: 1, cachedInput: 0 });
  });
});
