import { expect, it } from "vitest";
import { ModelAge } from "../../src/engine/model-age.ts";

it.each([
  [58, 87],
  [60, undefined],
])("a model of %d points for 30 steps is too young from %o points on", (knownPoints, overFrom) => {
  const model = { isLasting: false, hasSeasons: false };
  const age = new ModelAge(model, 0, { knownPoints, horizonSteps: 30, phase: undefined });
  const points = Array.from({ length: 1000 }, (_, index) => knownPoints + index);
  expect(points.find((known) => age.isOver(known, 0, 1000))).toBe(overFrom);
});

it.each([
  [299, undefined, 1],
  [300, undefined, 12],
  [300, 0, 11],
  [300, 1, 13],
])("a lasting model of %d points stays, in phase %o, for %d intervals", (knownPoints, phase, intervals) => {
  const model = { isLasting: true, hasSeasons: true };
  const age = new ModelAge(model, 100, { knownPoints, horizonSteps: 30, phase });
  expect([age.intervals, age.lasts]).toEqual([intervals, intervals > 1]);
  expect([99, 100].map((now) => age.isOver(knownPoints, now + 1000 * intervals, 1000))).toEqual([
    false,
    true,
  ]);
});

it.each([
  [true, 1],
  [false, 6],
])("seasons that a model has (%s) are looked at again after %d intervals", (hasSeasons, intervals) => {
  const model = { isLasting: true, hasSeasons };
  const age = new ModelAge(model, 100, { knownPoints: 300, horizonSteps: 30, phase: 0.5 });
  age.followed(700);
  age.shift(-50);
  expect([age.fittedAt, age.followedAt]).toEqual([50, 650]);
  expect([649, 650].map((now) => age.mustFollow(now + 1000 * intervals, 1000))).toEqual([false, true]);
});
