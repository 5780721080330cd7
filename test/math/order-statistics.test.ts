import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { medianOfFew } from "../../src/math/median-of-few.ts";
import { mediansOfOthers } from "../../src/math/medians-of-others.ts";
import { NestedMedians } from "../../src/math/nested-medians.ts";
import { nthSmallest } from "../../src/math/nth-smallest.ts";
import { RankedMedian, RankedNumbers } from "../../src/math/ranked-median.ts";
import { RollingMedian } from "../../src/math/rolling-median.ts";
import { theilSen } from "../../src/math/theil-sen.ts";
import { WeightedMedian } from "../../src/math/weighted-median.ts";
import { weightedQuantiles } from "../../src/math/weighted-quantile.ts";
import { reference } from "../fixtures/r/reference.ts";

/** Without -0, whose place beside 0 does not matter. */
const numbers = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((number) => number + 0);

const anyNumbers = fc.array(fc.oneof(numbers, fc.integer({ min: 0, max: 3 })), {
  minLength: 1,
  maxLength: 80,
  size: "max",
});

function plainMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

describe("RollingMedian", () => {
  it("is NaN without numbers", () => {
    expect(new RollingMedian(3).median).toBeNaN();
  });

  it("agrees with R's median of the last 7 of the Nile's flows", () => {
    const rolling = new RollingMedian(7);
    const medians = reference.series.nile.map((value) => {
      rolling.push(value);
      return rolling.median;
    });
    expect(medians.slice(6)).toEqual(reference.runningMedian);
  });

  it("is the median of the last numbers, for any numbers", () => {
    fc.assert(
      fc.property(
        fc.array(numbers, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        (values, size) => {
          const rolling = new RollingMedian(size);
          for (const value of values) rolling.push(value);
          expect(rolling.median).toBe(plainMedian(values.slice(-size)));
        },
      ),
    );
  });
});

describe("RankedMedian", () => {
  it("is NaN without numbers", () => {
    expect(new RankedMedian(new RankedNumbers(Float64Array.of(1, 2)), 3).median).toBeNaN();
  });

  it("is the median of the last numbers at each step, for any numbers", () => {
    fc.assert(
      fc.property(anyNumbers, fc.integer({ min: 1, max: 70 }), (values, size) => {
        const ranked = new RankedMedian(new RankedNumbers(Float64Array.from(values)), size);
        for (let count = 1; count <= values.length; count++) {
          ranked.takeUpTo(count);
          expect(ranked.median).toBe(plainMedian(values.slice(Math.max(0, count - size), count)));
        }
      }),
    );
  });

  it("may skip steps, and begin again with another window", () => {
    fc.assert(
      fc.property(anyNumbers, fc.integer({ min: 1, max: 70 }), (values, size) => {
        const ranked = new RankedMedian(new RankedNumbers(Float64Array.from(values)), size);
        ranked.takeUpTo(values.length >> 1);
        ranked.takeUpTo(values.length);
        expect(ranked.median).toBe(plainMedian(values.slice(-size)));
        ranked.restart(2);
        ranked.takeUpTo(values.length);
        expect(ranked.median).toBe(plainMedian(values.slice(-2)));
      }),
    );
  });
});

describe("NestedMedians", () => {
  /** Few distinct numbers, so that many are equal. */
  const mixed = fc.oneof(numbers.map(Math.fround), fc.integer({ min: -3, max: 3 }), fc.constant(Number.NaN));
  const listOf = (maxLength: number) => fc.array(mixed, { maxLength });

  function mediansOf(nested: NestedMedians, windows: readonly number[]): number[] {
    const medians = new Float64Array(windows.length);
    nested.write(medians);
    // -0 is 0.
    return Array.from(medians, (median) => median + 0);
  }

  it("are the medians of the last numbers in each window, for any numbers before and after", () => {
    const windows = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(windows, listOf(150), listOf(200), (windows, before, after) => {
        const nested = new NestedMedians(windows);
        nested.begin(Float64Array.from(before));
        for (const value of after) nested.push(value);
        const known = [...before, ...after].filter((value) => !Number.isNaN(value));
        const expected = windows.map((window) =>
          known.length === 0 ? NaN : plainMedian(known.slice(-window)) + 0,
        );
        expect(mediansOf(nested, windows)).toEqual(expected);
      }),
    );
  });

  it("are right at every number of a long series, in windows of up to 256 numbers", () => {
    const windows = [1, 31, 255, 256];
    const nested = new NestedMedians(windows);
    const known: number[] = [];
    for (let step = 0; step < 900; step += 1) {
      known.push(Math.round(50 * Math.sin(step / 17) + (step % 13)) + 0);
      nested.push(known.at(-1) as number);
      expect(mediansOf(nested, windows)).toEqual(windows.map((window) => plainMedian(known.slice(-window))));
    }
  });

  it("serve the states of several series, one after the other", () => {
    const windows = [1, 3, 8];
    const nested = new NestedMedians(windows);
    const { width, byteWidth } = nested;
    const numbersOfAll = new Float32Array(2 * width + 1);
    const bytesOfAll = new Uint8Array(2 * byteWidth + 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), mixed), { maxLength: 60 }), (pushes) => {
        const seek = (series: number) =>
          nested.seek(numbersOfAll, 1 + series * width, bytesOfAll, 1 + series * byteWidth);
        for (const series of [0, 1]) {
          seek(series);
          nested.begin(new Float64Array(0));
        }
        for (const [isFirst, value] of pushes) {
          seek(isFirst ? 0 : 1);
          nested.push(value);
        }
        for (const series of [0, 1]) {
          seek(series);
          const known = pushes.filter(([isFirst]) => isFirst === (series === 0)).map(([, value]) => value);
          const valid = known.filter((value) => !Number.isNaN(value));
          const expected = windows.map((window) =>
            valid.length === 0 ? Number.NaN : plainMedian(valid.slice(-window)) + 0,
          );
          expect(mediansOf(nested, windows)).toEqual(expected);
          if (valid.length > 2) expect(nested.back(3)).toBe(valid.at(-3));
        }
      }),
    );
  });

  it("refuses a window of more than 256 numbers", () => {
    expect(() => new NestedMedians([1, 257])).toThrow(/at most 256, got 257/);
  });
});

describe("medianOfFew", () => {
  it("reads only the first `count` numbers of its buffer", () => {
    expect(medianOfFew(Float64Array.of(9, 1, 5, -100), 3)).toBe(5);
    expect(medianOfFew(Float64Array.of(9, 1, 5, 2), 4)).toBe(3.5);
    expect(medianOfFew(Float64Array.of(9), 0)).toBe(0);
  });
});

describe("mediansOfOthers", () => {
  /** The definition: sorts the others of each number. */
  const plainMedians = (values: readonly number[], span: number): number[] =>
    values.map((_, own) => {
      const first = Math.max(0, Math.min(values.length - span - 1, own - span / 2));
      const others = values.slice(first, first + span + 1).filter((__, index) => first + index !== own);
      return others.length === 0 ? 0 : plainMedian(others);
    });

  it("are the medians of the nearest others, for any numbers", () => {
    fc.assert(
      fc.property(anyNumbers, fc.constantFrom(2, 4, 6, 8), (values, span) => {
        const medians = new Float64Array(values.length);
        mediansOfOthers(Float64Array.of(...values, -100), values.length, span, medians);
        expect([...medians]).toEqual(plainMedians(values, span));
      }),
    );
  });
});

describe("nthSmallest", () => {
  it("is what a sort would put there, for any numbers, and leaves the rest of the buffer", () => {
    fc.assert(
      fc.property(anyNumbers, fc.nat(), (values, any) => {
        const rank = any % values.length;
        const buffer = Float64Array.of(...values, -1e9);
        expect(nthSmallest(buffer, values.length, rank)).toBe(values.toSorted((a, b) => a - b)[rank]);
        expect(buffer.at(-1)).toBe(-1e9);
      }),
    );
  });
});

describe("WeightedMedian", () => {
  it("comes to an end when values are no numbers", () => {
    const heavy = Float64Array.of(1, 5, 1);
    const median = new WeightedMedian(3);
    expect([1, 2, 3]).toContain(median.of(Float64Array.of(1, 2, 3), heavy));
    median.of(Float64Array.of(1, Number.NaN, 3), heavy);
    median.of(Float64Array.of(Number.NaN, Number.NaN, Number.NaN), heavy);
    expect(median.of(Float64Array.of(1, 2, 3), heavy)).toBe(2);
  });

  it("is the value at which half of the weight is reached", () => {
    const median = new WeightedMedian(3);
    expect(median.of(Float64Array.of(30, 10, 20), Float64Array.of(1, 1, 1))).toBe(20);
    expect(median.of(Float64Array.of(30, 10, 20), Float64Array.of(5, 1, 1))).toBe(30);
    expect(median.of(Float64Array.of(30, 10, 20), Float64Array.of(1, 2.1, 1))).toBe(10);
  });

  it("is that of the definition, for any values and weights, one after the other", () => {
    const pair = fc.tuple(
      fc.oneof(numbers, fc.integer({ min: 0, max: 3 })),
      // Whole numbers, whose sums are exact: half of the weight may be reached exactly.
      fc.integer({ min: 0, max: 4 }),
    );
    const row = fc
      .array(pair, { minLength: 9, maxLength: 9 })
      .filter((pairs) => pairs.some(([, weight]) => weight > 0));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
        const median = new WeightedMedian(9);
        const values = Float64Array.from(rows.flat(), ([value]) => value);
        rows.forEach((pairs, index) => {
          const weights = Float64Array.from(pairs, ([, weight]) => weight);
          const half = weights.reduce((sum, weight) => sum + weight, 0) / 2;
          const weightUpTo = (limit: number): number =>
            pairs.reduce((sum, [value, weight]) => (value <= limit ? sum + weight : sum), 0);
          const sorted = pairs.map(([value]) => value).sort((a, b) => a - b);
          expect(median.of(values, weights, 9 * index)).toBe(
            sorted.find((value) => weightUpTo(value) >= half),
          );
        });
      }),
    );
  });

  it("does not depend on earlier calls", () => {
    const sample = fc.array(fc.tuple(numbers, fc.double({ min: 0.01, max: 10, noNaN: true })), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(sample, sample, (before, asked) => {
        const ask = (median: WeightedMedian, pairs: [number, number][]): number =>
          median.of(
            Float64Array.from(pairs, ([v]) => v),
            Float64Array.from(pairs, ([, w]) => w),
          );
        const used = new WeightedMedian(5);
        ask(used, before);
        expect(ask(used, asked)).toBe(ask(new WeightedMedian(5), asked));
      }),
    );
  });
});

/** The definition, one quantile at a time. */
function plainQuantile(pairs: readonly (readonly [value: number, weight: number])[], share: number): number {
  const sorted = pairs.toSorted(([a], [b]) => a - b);
  const middles = sorted.map(
    ([, weight], index) => sorted.slice(0, index).reduce((sum, [, before]) => sum + before, 0) + weight / 2,
  );
  const wanted = share * sorted.reduce((sum, [, weight]) => sum + weight, 0);
  const above = middles.findIndex((middle) => middle >= wanted);
  const valueAt = (index: number): number => sorted.at(index)?.[0] ?? Number.NaN;
  if (above <= 0) return valueAt(above);
  const [left, right] = [middles[above - 1] as number, middles[above] as number];
  return valueAt(above - 1) + ((valueAt(above) - valueAt(above - 1)) * (wanted - left)) / (right - left);
}

const quantile = (values: readonly number[], weights: readonly number[], share: number): number =>
  weightedQuantiles(Float64Array.from(values), Float64Array.from(weights), [share])[0] as number;

describe("weightedQuantiles", () => {
  it("are R's type 5 when weights are equal", () => {
    const { nile } = reference.series;
    const equal = new Float64Array(nile.length).fill(2);
    const values = weightedQuantiles(Float64Array.from(nile), equal, reference.quantile5.at);
    values.forEach((value, index) => {
      expect(value).toBeCloseTo(reference.quantile5.values[index] as number, 9);
    });
  });

  it("move towards the larger weight", () => {
    // The middles of the weights are 0.5 and 2.5 of 4. Half of 4 is three quarters of the way
    // between them.
    expect(quantile([0, 10], [1, 3], 0.5)).toBe(7.5);
    expect(quantile([10, 0], [3, 1], 0.5)).toBe(7.5);
  });

  it("end at the outermost numbers, and are NaN without numbers", () => {
    expect([quantile([3], [0.1], 0), quantile([3], [0.1], 1)]).toEqual([3, 3]);
    expect(quantile([], [], 0.5)).toBeNaN();
  });

  it("are those of the definition, for any numbers, weights and shares", () => {
    const pair = fc.tuple(
      fc.oneof(numbers, fc.integer({ min: 0, max: 3 })),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
    );
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 90, size: "max" }), shares, (pairs, unsorted) => {
        const ascending = unsorted.toSorted((a, b) => a - b);
        const values = Float64Array.from(pairs, ([value]) => value);
        const weights = Float64Array.from(pairs, ([, weight]) => weight);
        expect(Array.from(weightedQuantiles(values, weights, ascending), String)).toEqual(
          ascending.map((share) => String(plainQuantile(pairs, share))),
        );
      }),
    );
  });
});

describe("theilSen", () => {
  it("agrees with the median of R's slopes", () => {
    const { slope, intercept } = theilSen(reference.series.nile.map((value, index) => [index + 1, value]));
    expect(slope).toBeCloseTo(reference.theilSen.slope, 10);
    expect(intercept).toBeCloseTo(reference.theilSen.intercept, 8);
  });

  it("tolerates a quarter of outliers", () => {
    const points = Array.from({ length: 20 }, (_, x): [number, number] => [x, x % 4 === 1 ? 1e6 : 3 + 2 * x]);
    expect(theilSen(points)).toEqual({ slope: 2, intercept: 3 });
  });

  it("is flat for fewer than two points", () => {
    expect(theilSen([[4, 7]])).toEqual({ slope: 0, intercept: 7 });
    expect(theilSen([])).toEqual({ slope: 0, intercept: 0 });
  });
});
