import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExplicitHistogramPoint, HistogramPoint } from "../../../src/core/metric-point.ts";
import { ExponentialSketch } from "../../../src/statistics/exponential-sketch.ts";
import { START, Table } from "./harness.ts";

const BEFORE_US = START - 86_400_000;
const BOUNDARIES = [1, 2, 5];

function explicit(values: readonly number[]): ExplicitHistogramPoint {
  const counts = [0, 0, 0, 0];
  for (const value of values) {
    const bucket = BOUNDARIES.findIndex((bound) => value <= bound);
    const place = bucket === -1 ? BOUNDARIES.length : bucket;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const sum = values.reduce((all, value) => all + value, 0);
  return { kind: "explicit", count: values.length, sum, boundaries: BOUNDARIES, counts };
}

function exponential(values: readonly number[]): HistogramPoint {
  const sketch = new ExponentialSketch();
  for (const value of values) sketch.record(value);
  return sketch.toPoint();
}

function histogram(table: Table, temporality: "delta" | "cumulative") {
  return table.stream({ header: { kind: "histogram", temporality } });
}

function countsOf(points: readonly { value: unknown }[]): number {
  return points.reduce((count, { value }) => count + (value as HistogramPoint).count, 0);
}

describe("a cumulative histogram", () => {
  it("of explicit buckets gives what was recorded since the last point", () => {
    const table = new Table();
    const stream = histogram(table, "cumulative");
    stream.histogram(explicit([0.5, 3]), START, BEFORE_US);
    expect(table.points()).toEqual([]);
    stream.histogram(explicit([0.5, 3, 1.5, 9]), START + 1000, BEFORE_US);
    expect(table.points()).toEqual([{ labels: {}, value: explicit([1.5, 9]) }]);
  });

  it("has no start that is known when its start is later than its point", () => {
    const table = new Table();
    const stream = histogram(table, "cumulative");
    stream.histogram(explicit([0.5, 3]), START, START + 3_600_000);
    stream.histogram(explicit([0.5, 3, 9]), START + 1000, START + 7_200_000);
    expect(table.points()).toEqual([{ labels: {}, value: explicit([9]) }]);
  });

  it("is wholly new after a restart", () => {
    const table = new Table();
    const stream = histogram(table, "cumulative");
    stream.histogram(explicit([0.5, 3]), START, BEFORE_US);
    stream.histogram(explicit([9, 9, 9]), START + 1000, START + 500);
    expect(table.points()).toEqual([{ labels: {}, value: explicit([9, 9, 9]) }]);
  });

  const OLD = Array.from({ length: 1000 }, () => 0.5);

  it("of which a lower bucket was read before a higher one is no new one", () => {
    const table = new Table();
    const stream = histogram(table, "cumulative");
    // The third recording came between the readings of the first bucket and the second.
    const torn = { ...explicit([...OLD, 0.5]), counts: [1000, 1, 0, 0] };
    stream.histogram(torn, START, Number.NaN);
    table.collect();
    stream.histogram(explicit([...OLD, 0.5, 3]), START + 1000, Number.NaN);
    expect(countsOf(table.points())).toBeLessThanOrEqual(2);
    stream.histogram(explicit([...OLD, 0.5, 3, 9]), START + 2000, Number.NaN);
    expect(table.points()).toEqual([{ labels: {}, value: explicit([9]) }]);
  });

  it.each([
    ["with the same start", BEFORE_US],
    ["without a start", Number.NaN],
  ])("of which buckets are added counts nothing of before (%s)", (_, startAt) => {
    const table = new Table();
    const stream = histogram(table, "cumulative");
    stream.histogram(explicit(OLD), START, startAt);
    const finer = { boundaries: [1, 2, 5, 7], counts: [1000, 0, 0, 1, 0], count: 1001 };
    stream.histogram({ ...explicit(OLD), ...finer }, START + 1000, startAt);
    expect(table.points()).toEqual([]);
    expect(table.dropped).toEqual(["other_buckets"]);
    const next = { ...finer, counts: [1000, 0, 0, 1, 1], count: 1002, sum: 509 };
    stream.histogram({ ...explicit(OLD), ...next }, START + 2000, startAt);
    expect(countsOf(table.points())).toBe(1);
  });

  it("of which buckets are added between recordings loses nothing", () => {
    const table = new Table();
    const stream = histogram(table, "cumulative");
    stream.histogram(explicit(OLD), START, BEFORE_US);
    const finer = { ...explicit(OLD), boundaries: [1, 2, 5, 7], counts: [1000, 0, 0, 0, 0] };
    stream.histogram(finer, START + 1000, BEFORE_US);
    expect(table.dropped).toEqual([]);
  });

  it("that becomes one of the other kind is counted as dropped once", () => {
    const table = new Table();
    const stream = histogram(table, "cumulative");
    stream.histogram(explicit(OLD), START, BEFORE_US);
    for (const more of [1, 2])
      stream.histogram(exponential([...OLD, ...Array(more).fill(3)]), START + more * 1000, BEFORE_US);
    expect(table.dropped).toEqual(["other_buckets"]);
    expect(countsOf(table.points())).toBe(1);
  });

  it("whose buckets are others after a restart is wholly new", () => {
    const table = new Table();
    const stream = histogram(table, "cumulative");
    stream.histogram(explicit(OLD), START, Number.NaN);
    stream.histogram({ ...explicit([9]), boundaries: [7, 8, 20] }, START + 1000, Number.NaN);
    expect(countsOf(table.points())).toBe(1);
  });

  it("gives each recording once, whatever comes between its points", () => {
    const parts = fc.array(fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { maxLength: 8 }));
    for (const point of [explicit, exponential])
      fc.assert(
        fc.property(parts, (recorded) => {
          const table = new Table();
          const stream = histogram(table, "cumulative");
          stream.histogram(point([]), START, START);
          const all: number[] = [];
          let counted = 0;
          for (const [index, values] of recorded.entries()) {
            all.push(...values);
            table.now = START + (index + 1) * 1000;
            stream.histogram(point(all), table.now, START);
            if (index % 2 === 0) counted += countsOf(table.points());
          }
          counted += countsOf(table.points());
          expect(counted).toBe(all.length);
        }),
      );
  });
});

describe("a delta histogram", () => {
  it("adds up points with the same buckets", () => {
    const table = new Table();
    const stream = histogram(table, "delta");
    stream.histogram(explicit([0.5]), START, START - 1000);
    stream.histogram(explicit([3, 9]), START + 1000, START);
    expect(table.points()).toEqual([{ labels: {}, value: explicit([0.5, 3, 9]) }]);
  });

  it("keeps points with other buckets apart", () => {
    const table = new Table();
    const stream = histogram(table, "delta");
    stream.histogram(explicit([0.5]), START, START - 1000);
    stream.histogram({ ...explicit([0.5]), boundaries: [7, 8, 9] }, START + 1000, START);
    expect(table.points()).toHaveLength(2);
  });
});
