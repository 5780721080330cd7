import { expect, it } from "vitest";
import { readLearnt } from "../../src/engine/learnt-schema.ts";

const model = {
  ...{ tier: 0, stepSeconds: 10, fittedAt: 5, spanSeconds: 300, known: 12 },
  ...{ length: 12, end: 20, oldest: new Float64Array(2), last: 1, taken: new Float64Array(3), cursor: 23 },
};
const learnt = (saved: object) => ({ plan: "p", chosen: { models: [saved], surprises: [] }, trials: [] });

it("takes models that were saved before models followed their seasons", () => {
  expect(readLearnt(learnt(model))?.chosen.models).toEqual([model]);
});

it("takes how models followed, and nothing else in its place", () => {
  const followed = { ...model, followedAt: 9, followed: [{ taken: 1, length: 13 }] };
  expect(readLearnt(learnt(followed))?.chosen.models).toEqual([followed]);
  expect(readLearnt(learnt({ ...followed, followed: [{ taken: "1" }] }))).toBeUndefined();
});

it.each([
  ["followed after more values than the model took", { followed: [{ taken: 4, length: 13 }] }],
  ["followed after a number of values that never ends", { followed: [{ taken: 1e308, length: 13 }] }],
  ["was fitted to more values than any series keeps", { length: 2 ** 33 }],
  ["was fitted to less than no values", { length: -1 }],
  ["ends where slots have no neighbours", { end: 1e308 }],
  ["ends where slots have no neighbours", { cursor: -1e308 }],
])("takes no model that %s", (_, impossible) => {
  expect(readLearnt(learnt({ ...model, ...impossible }))).toBeUndefined();
});

it("takes no time that stood still before all times: its forecasts would be counted without end", () => {
  const still = { since: 1, until: 2, value: 3 };
  expect(readLearnt({ ...learnt(model), still })?.still).toEqual(still);
  expect(readLearnt({ ...learnt(model), still: { ...still, since: -1e22 } })).toBeUndefined();
  expect(readLearnt({ ...learnt(model), still: { ...still, until: 1e22 } })).toBeUndefined();
});
