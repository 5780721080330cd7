import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { ExponentialHistogramPoint } from "../../src/core/metric-point.ts";
import { ExponentialSketch } from "../../src/statistics/exponential-sketch.ts";
import { sdkDeltas } from "./sdk-histogram.ts";

/** The SDK's default maximum. */
const SDK_BUCKETS = 160;

const value = fc.oneof(
  fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
  fc.double({ min: 1e-200, max: 1e200, noNaN: true }),
  fc.integer({ min: -40, max: 40 }).map((exponent) => 2 ** exponent),
  fc.constant(0),
);
const batch = fc.array(value, { minLength: 1, maxLength: 300 });

function sketchOf(values: readonly number[]): ExponentialSketch {
  const sketch = new ExponentialSketch();
  for (const one of values) sketch.record(one);
  return sketch;
}

/** The filled buckets: two points may differ in empty buckets at their ends. */
function filled({ positive }: ExponentialHistogramPoint): [index: number, count: number][] {
  return positive.bucketCounts
    .map((count, position): [number, number] => [positive.offset + position, count])
    .filter(([, count]) => count > 0);
}

describe("an exponential sketch", () => {
  it("counts values in the buckets of OpenTelemetry's SDK, at its scale", async () => {
    await fc.assert(
      fc.asyncProperty(batch, async (values) => {
        const [sdk] = await sdkDeltas([values]);
        const ours = sketchOf(values).toPoint({ maxBuckets: SDK_BUCKETS });
        expect(filled(ours)).toEqual(filled(sdk as ExponentialHistogramPoint));
        if (filled(ours).length > 0) expect(ours.scale).toBe(sdk?.scale);
        expect(ours).toMatchObject({ count: sdk?.count, zeroCount: sdk?.zeroCount });
        expect(ours).toMatchObject({ min: sdk?.min, max: sdk?.max, sum: sdk?.sum });
      }),
      { numRuns: 200 },
    );
  });

  it("keeps a scale of 5 over 60 octaves, whatever its points are limited to", () => {
    const sketch = sketchOf([2 ** -30, 1, 2 ** 30]);
    expect(sketch.toPoint({ maxBuckets: SDK_BUCKETS }).scale).toBe(1);
    expect(sketch.toPoint({ maxScale: 4 }).scale).toBe(4);
    expect(sketch.toPoint().scale).toBe(5);
  });

  it("counts every value, from the smallest number to the largest", () => {
    const { scale, positive, ...rest } = sketchOf([Number.MIN_VALUE, 1, Number.MAX_VALUE, 0]).toPoint();
    expect(rest).toMatchObject({ count: 4, zeroCount: 1, min: 0, max: Number.MAX_VALUE });
    expect(scale).toBe(-1);
    expect(positive.bucketCounts.filter((count) => count > 0)).toEqual([1, 1, 1]);
  });

  it("of several points is the sketch of all their values", () => {
    fc.assert(
      fc.property(batch, batch, (one, other) => {
        const points = [one, other].map((values) => sketchOf(values).toPoint({ maxBuckets: SDK_BUCKETS }));
        const merged = ExponentialSketch.of(points).toPoint({ maxBuckets: SDK_BUCKETS });
        const all = sketchOf([...one, ...other]).toPoint({ maxBuckets: SDK_BUCKETS });
        expect(filled(merged)).toEqual(filled(all));
        expect(merged).toMatchObject({ count: all.count, min: all.min, max: all.max, scale: all.scale });
      }),
    );
  });

  it("makes no further array for values of a range that it had before", () => {
    let made = 0;
    const array = Uint32Array;
    vi.stubGlobal(
      "Uint32Array",
      class extends array {
        constructor(size: number) {
          super(size);
          made += 1;
        }
      },
    );
    onTestFinished(() => void vi.unstubAllGlobals());
    const values = Array.from({ length: 1000 }, (_, index) => 1.01 ** (index % 500));
    const sketch = sketchOf(values);
    expect(made).toBeGreaterThan(0);
    const point = sketch.toPoint();
    made = 0;
    for (let times = 0; times < 3; times += 1) {
      sketch.reset();
      for (const one of values) sketch.record(one);
      expect(sketch.toPoint()).toEqual(point);
    }
    expect(made).toBe(0);
  });

  it("is as new after a reset", () => {
    fc.assert(
      fc.property(batch, batch, (one, other) => {
        const sketch = sketchOf(one);
        sketch.reset();
        expect(sketch.toPoint()).toEqual(new ExponentialSketch().toPoint());
        for (const value of other) sketch.record(value);
        expect(sketch.toPoint()).toEqual(sketchOf(other).toPoint());
      }),
    );
  });
});
