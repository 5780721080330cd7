import { expect, it } from "vitest";
import { isSpare, readHandover, withPlace } from "../../src/processes/handover-state.ts";
import { orders } from "./orders.ts";

const state = {
  id: "owner",
  number: 2,
  ended: orders(1),
  workers: [{ id: "a", number: 3, shown: orders(2) }],
  used: [{ id: "b", today: [7] }],
};

it.each([
  [0, false],
  [1, true],
  [2, true],
])("the handover at place %i is spare: %s", (place, spare) => {
  const line = JSON.stringify(withPlace(place, state));
  expect(isSpare(line)).toBe(spare);
  expect(readHandover(line)).toEqual(state);
});

it("a handover without a place, and none, is not spare", () => {
  expect([JSON.stringify(state), "null", ""].map(isSpare)).toEqual([false, false, false]);
});

it("what was used may be missing, as in handovers of older versions", () => {
  const { used: _, ...older } = state;
  expect(readHandover(JSON.stringify(older))).toEqual({ ...older, used: [] });
});

it.each<[string, object]>([
  ["no id", { id: undefined }],
  ["an id that is none", { id: 1 }],
  ["no number", { number: undefined }],
  ["a number that is none", { number: "2" }],
  ["nothing that has ended", { ended: undefined }],
  ["something that is not shown", { ended: [{ scope: {}, metrics: [] }] }],
  ["no workers", { workers: undefined }],
  ["workers that are no list", { workers: {} }],
  ["a worker that is none", { workers: [null] }],
  ["a worker without an id", { workers: [{ ...state.workers[0], id: undefined }] }],
  ["a worker without a number", { workers: [{ ...state.workers[0], number: null }] }],
  ["a worker that shows nothing", { workers: [{ ...state.workers[0], shown: undefined }] }],
  ["one worker of two", { workers: [state.workers[0], { id: "b" }] }],
  ["use that is no list", { used: {} }],
  ["use of nobody", { used: [{ today: [] }] }],
  ["use that is none", { used: [null] }],
])("with %s it is no handover", (_, change) => {
  expect(readHandover(JSON.stringify({ ...state, ...change }))).toBeUndefined();
});

it.each(["", "null", "{", "[]"])("%j is no handover", (line) => {
  expect(readHandover(line)).toBeUndefined();
});
