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
