import { describe, expect, it } from "vitest";
import { endingOfGraph, endingOfStep, isGivenUp } from "../../../src/observe/langchain/ending.ts";

function named(name: string, message = "", more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

const success = { outcome: "success" };
const cancelled = { outcome: "cancelled" };
const failure = (errorType: string) => ({ outcome: "failure", errorType });
/** LangGraph's error for a graph that was aborted. */
const aborted = (): Error => new Error("Abort");
const thrownByStep = aborted();
const timeout = named("TimeoutError");

describe("the end of a step of LangChain", () => {
  it.for([
    ["no error", undefined, success],
    ["a handover to another agent", named("ParentCommand"), success],
    ["a drain", named("GraphDrained"), cancelled],
    ["an interrupt", named("GraphInterrupt", "", { is_bubble_up: true }), { outcome: "withdrawn" }],
    [
      "what only looks like an interrupt",
      named("GraphInterrupt", "", { is_bubble_up: 1 }),
      failure("GraphInterrupt"),
    ],
    ["an abort", named("AbortError"), cancelled],
    ["an abort of a model that has no name", new Error("AbortError"), cancelled],
    ["an error of another class with that message", new RangeError("AbortError"), failure("RangeError")],
    ["a time limit", timeout, failure("TimeoutError")],
    ["an error", new RangeError("no"), failure("RangeError")],
    ["a text", "no", failure("string")],
    ["null", null, failure("object")],
  ] as const)("by %s", ([, error, ending]) => {
    expect(endingOfStep(error)).toEqual(ending);
  });
});

describe("the end of a graph of LangGraph", () => {
  it.for([
    ["no error", undefined, undefined, success],
    ["no error after a failed step", undefined, new RangeError("no"), success],
    ["its own abort", aborted(), undefined, cancelled],
    ["its own abort after a failed step", aborted(), new RangeError("no"), cancelled],
    ["its own abort at a time limit", aborted(), timeout, failure("TimeoutError")],
    ["an error of a step that looks like its own abort", thrownByStep, thrownByStep, failure("Error")],
    ["an error with another message", new Error("provider down"), undefined, failure("Error")],
    ["an error with another message after another one", new Error("down"), timeout, failure("Error")],
    [
      "an error of another class with that message",
      new RangeError("Abort"),
      undefined,
      failure("RangeError"),
    ],
    ["an interrupt", named("GraphInterrupt", "", { is_bubble_up: true }), undefined, success],
    ["a drain", named("GraphDrained"), undefined, cancelled],
  ] as const)("by %s", ([, error, lastStep, ending]) => {
    expect(endingOfGraph(error, lastStep)).toEqual(ending);
  });
});

it.for([
  [named("AbortError"), true],
  [timeout, true],
  [new RangeError("no"), false],
  [undefined, false],
] as const)("%s: does LangGraph wait for the agents of the step? %s", ([error, isOver]) => {
  expect(isGivenUp(error)).toBe(isOver);
});
