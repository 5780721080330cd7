import { expect, it } from "vitest";
import {
  ByName,
  CountedPoint,
  SketchedPoint,
  takeInto,
} from "../../../src/measure/instruments/named-points.ts";

const labels = { agent: "planner" };
const notMeasured = [-1, Number.NaN, Number.POSITIVE_INFINITY];

it("a count has what was added since it was taken, also if that was nothing", () => {
  const count = new CountedPoint(labels);
  expect(count.take()).toBeUndefined();
  for (const amount of [2, 0.5, ...notMeasured]) count.add(amount);
  expect(count.take()).toEqual({ labels, value: 2.5 });
  expect(count.take()).toBeUndefined();
  count.add(0);
  expect(count.take()).toEqual({ labels, value: 0 });
  for (const amount of notMeasured) count.add(amount);
  expect(count.take()).toBeUndefined();
});

it("a distribution has what was recorded since it was taken", () => {
  const sketch = new SketchedPoint(labels);
  expect(sketch.take()).toBeUndefined();
  for (const value of [1, 0, 3, ...notMeasured]) sketch.record(value);
  expect(sketch.take()).toMatchObject({ labels, value: { count: 3, sum: 4, min: 0, max: 3, zeroCount: 1 } });
  expect(sketch.take()).toBeUndefined();
  sketch.record(5);
  expect(sketch.take()).toMatchObject({ value: { count: 1, sum: 5, min: 5, max: 5 } });
});

it("labels have no names that every object has", () => {
  for (const point of [new CountedPoint(labels), new SketchedPoint(labels)]) {
    if (point instanceof CountedPoint) point.add(1);
    else point.record(1);
    expect(point.take()?.labels.constructor).toBeUndefined();
  }
});

it("a name under which nothing was recorded between two collections is forgotten", () => {
  const made: string[] = [];
  const counts = new ByName((name) => {
    made.push(name);
    return new CountedPoint({ name });
  });
  const taken = () => {
    const points: { labels: Readonly<Record<string, string>>; value: number }[] = [];
    const hasAny = counts.takeAll((count) => takeInto(points, count));
    return [hasAny, points.map(({ value }) => value)];
  };
  expect(taken()).toEqual([false, []]);
  counts.of("a").add(1);
  counts.of("b").add(2);
  counts.of("a").add(4);
  expect([taken(), made]).toEqual([
    [true, [5, 2]],
    ["a", "b"],
  ]);
  counts.of("b").add(3);
  expect([taken(), made]).toEqual([
    [true, [3]],
    ["a", "b"],
  ]);
  counts.of("a").add(1);
  counts.of("b").add(1);
  expect([taken(), made]).toEqual([
    [true, [1, 1]],
    ["a", "b", "a"],
  ]);
  expect(taken()).toEqual([false, []]);
});
