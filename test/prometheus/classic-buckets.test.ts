import {
  AggregationTemporality,
  AggregationType,
  type ExponentialHistogram,
  MeterProvider,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classicHistogram, fromExplicit, fromExponential } from "../../src/prometheus/classic-buckets.ts";

class ExponentialReader extends MetricReader {
  constructor() {
    super({
      aggregationSelector: () => ({ type: AggregationType.EXPONENTIAL_HISTOGRAM }),
      aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
    });
  }
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** The histogram that the SDK makes of the values. */
async function exponentialOf(values: readonly number[]): Promise<ExponentialHistogram> {
  const reader = new ExponentialReader();
  const histogram = new MeterProvider({ readers: [reader] }).getMeter("test").createHistogram("h");
  for (const value of values) histogram.record(value);
  const { resourceMetrics } = await reader.collect();
  return resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value as ExponentialHistogram;
}

const none = { offset: 0, bucketCounts: [] };

describe("fromExplicit", () => {
  it("adds up the buckets", () => {
    const histogram = { buckets: { boundaries: [1, 5, 10], counts: [2, 0, 3, 1] }, count: 6, sum: 30 };
    expect(fromExplicit(histogram)).toEqual({ bounds: [1, 5, 10], cumulative: [2, 2, 5], total: 6 });
  });

  it("leaves out bounds that are infinite or do not rise, but keeps their counts", () => {
    const histogram = {
      buckets: { boundaries: [-Infinity, 1, 1, Infinity], counts: [1, 2, 3, 4, 0] },
      count: 10,
    };
    expect(fromExplicit(histogram)).toEqual({ bounds: [1], cumulative: [6], total: 10 });
  });
});

describe("fromExponential", () => {
  it("ends at the last bucket that is not empty, and begins at the first", () => {
    const histogram: ExponentialHistogram = {
      ...{ count: 3, sum: 30, scale: 0, zeroCount: 0, negative: none },
      positive: { offset: 0, bucketCounts: [0, 0, 1, 2, 0, 0] },
    };
    // Bucket 2 holds (4, 8], bucket 3 (8, 16].
    expect(fromExponential(histogram)).toEqual({ bounds: [8, 16], cumulative: [1, 3], total: 3 });
  });

  it("has bounds at powers of two, with values that equal a bound below it", () => {
    // scale 1: bucket i holds (2^(i/2), 2^((i+1)/2)]; offset -2 is (0.5, 0.707], ... up to (2.83,
    // 4]
    const positive = { offset: -2, bucketCounts: [1, 2, 3, 4, 5, 6] };
    const histogram = { count: 21, sum: 0, scale: 1, zeroCount: 0, positive, negative: none };
    expect(fromExponential(histogram)).toEqual({ bounds: [1, 2, 4], cumulative: [3, 10, 21], total: 21 });
  });

  it("uses the bounds of a negative scale", () => {
    // scale -1: bucket i holds (4^i, 4^(i+1)]
    const positive = { offset: 0, bucketCounts: [1, 0, 2] };
    const histogram = { count: 3, sum: 0, scale: -1, zeroCount: 0, positive, negative: none };
    expect(fromExponential(histogram)).toEqual({ bounds: [4, 16, 64], cumulative: [1, 1, 3], total: 3 });
  });

  it.each([
    [160, 1],
    [161, 2],
    [320, 2],
    [321, 4],
  ])("has for %d powers a bound at every %dth power, on each side of zero", (powers, every) => {
    const side = { offset: 0, bucketCounts: Array<number>(powers).fill(1) };
    const histogram = { count: 2 * powers, sum: 0, scale: 0, zeroCount: 0, positive: side, negative: side };
    const { bounds, cumulative, total } = fromExponential(histogram);
    const above = bounds.filter((bound) => bound > 0);
    const first = 2 ** every;
    expect(above.slice(0, 2)).toEqual([first, first * 2 ** every]);
    expect(above).toHaveLength(Math.ceil(powers / every));
    // The lower end of the lowest bucket is no bound: no value lies below it.
    expect(bounds.filter((bound) => bound < 0)).toHaveLength(Math.ceil(powers / every));
    expect(cumulative.at(-1)).toBe(total);
    expect(total).toBe(2 * powers);
  });

  it("puts zeros and negative values below the positive ones", () => {
    const negative = { offset: 0, bucketCounts: [1, 2] };
    const positive = { offset: 0, bucketCounts: [4] };
    const histogram = { count: 10, sum: 0, scale: 0, zeroCount: 3, positive, negative };
    // negative: [-2, -1) once, [-4, -2) twice
    expect(fromExponential(histogram)).toEqual({
      bounds: [-4, -2, 0, 2],
      cumulative: [0, 2, 6, 10],
      total: 10,
    });
  });

  it("is empty when the histogram is", () => {
    const histogram = { count: 0, sum: 0, scale: 0, zeroCount: 0, positive: none, negative: none };
    expect(fromExponential(histogram)).toEqual({ bounds: [], cumulative: [], total: 0 });
  });

  it.each([
    { positive: { offset: 1e308, bucketCounts: [1] } },
    { negative: { offset: -(2 ** 31) - 1, bucketCounts: [1] } },
    { scale: 21 },
    { scale: Number.NaN },
  ])("refuses buckets that the data model does not allow (%#)", (given) => {
    const histogram = { count: 1, sum: 1, scale: 0, zeroCount: 0, positive: none, negative: none, ...given };
    expect(() => fromExponential(histogram)).toThrow(RangeError);
  });

  it("never has more than 160 bounds on a side", () => {
    const bucketCounts = new Array<number>(2000).fill(1);
    const positive = { offset: -1000, bucketCounts };
    const histogram = { count: 2000, sum: 0, scale: 0, zeroCount: 0, positive, negative: none };
    const { bounds, cumulative, total } = fromExponential(histogram);
    expect(bounds.length).toBeLessThanOrEqual(160);
    expect(total).toBe(2000);
    expect(cumulative.at(-1)).toBe(2000);
  });

  it("counts every value in the right bucket, for anything that the SDK records", async () => {
    const value = fc.oneof(
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-6, max: 100, noNaN: true }),
      fc.integer({ min: -20, max: 40 }).map((exponent) => 2 ** exponent),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 200 }), async (values) => {
        const { bounds, cumulative, total } = fromExponential(await exponentialOf(values));
        expect(total).toBe(values.length);
        expect(cumulative).toEqual(bounds.map((bound) => values.filter((v) => v <= bound).length));
      }),
      { numRuns: 60 },
    );
  });
});

describe("the classic form of a histogram", () => {
  it.each([
    [[2, -1, 1]],
    [[-1, 2, 1]],
    [[2, 1, -1]],
    [[1, Number.NaN, 1]],
    [[0.5, 1, 1]],
    [[1, 1, Infinity]],
  ])(
    "does not exist for counts such as %j: those of its buckets would fall, or be no whole numbers",
    (counts) => {
      const histogram = { buckets: { boundaries: [1, 2], counts }, count: 2, sum: 1 };
      expect(classicHistogram(histogram, fromExplicit)).toBeUndefined();
    },
  );
});
