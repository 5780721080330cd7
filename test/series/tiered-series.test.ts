import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sample } from "../../src/core/sample.ts";
import { FOLD_KINDS, FOLDS, type FoldKind } from "../../src/series/fold.ts";
import { defaultResolutions } from "../../src/series/resolution.ts";
import { isSeriesSnapshot } from "../../src/series/series-snapshot.ts";
import { TieredSeries, tiersUpTo } from "../../src/series/tiered-series.ts";

const TEN_SECONDS = { resolutions: defaultResolutions(10) };
const START = Date.UTC(2026, 2, 1, 12);
const DAY = 24 * 3600_000;

function every(stepSeconds: number, values: readonly number[], start = START): Sample[] {
  return values.map((value, i) => ({ at: start + i * stepSeconds * 1000, value }));
}

function filled(samples: readonly Sample[], options = TEN_SECONDS, fold: FoldKind = "mean"): TieredSeries {
  const series = new TieredSeries({ ...options, fold });
  for (const sample of samples) series.append(sample);
  return series;
}

function valuesOf(series: TieredSeries, tier = 0, includeOpen = false): number[] {
  return [...series.history(tier, { includeOpen }).values];
}

describe("TieredSeries", () => {
  it("returns completed slots, and the open one on request", () => {
    const series = filled(every(10, [1, 2, 3]));
    expect(valuesOf(series)).toEqual([1, 2]);
    expect(valuesOf(series, 0, true)).toEqual([1, 2, 3]);
    expect(series.latest).toEqual({ at: START + 20_000, value: 3 });
  });

  it("knows its newest sample, whatever slot it is in and however late others are", () => {
    const sample = fc.record({ at: fc.nat(200), value: fc.constantFrom(0, 1, 2, 2.5) });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 40 }), fc.nat(50), (samples, moved) => {
        for (const fold of FOLD_KINDS) {
          const series = new TieredSeries({ ...TEN_SECONDS, fold });
          let newest: Sample | undefined;
          for (const { at, value } of samples) {
            const taken = { at: START + at * 1000, value };
            if (series.append(taken).outcome === "stored" && !(taken.at < (newest?.at ?? 0))) newest = taken;
            expect(series.latest).toEqual(newest);
            expect(series.latestAt).toBe(newest?.at);
          }
          series.shift(moved);
          expect(series.latest).toEqual(newest && { ...newest, at: newest.at + moved });
        }
      }),
    );
  });

  it("is empty before the first sample", () => {
    const series = new TieredSeries(TEN_SECONDS);
    expect(series.history(0, { includeOpen: true })).toEqual({
      values: new Float64Array(0),
      stepSeconds: 10,
      cursor: 0,
    });
    expect(series.latest).toBeUndefined();
    expect(series.knownPoints(0)).toBe(0);
  });

  it("folds rates, peaks and amounts over a minute", () => {
    const samples = every(10, [1, 2, 3, 4, 5, 9, 0]);
    const minutes = FOLD_KINDS.map((fold) => [fold, valuesOf(filled(samples, TEN_SECONDS, fold), 1)[0]]);
    expect(minutes).toEqual([
      ["mean", 4],
      ["max", 9],
      ["last", 9],
      ["sum", 24],
    ]);
  });

  it("marks slots without a sample as gaps", () => {
    const series = filled([
      ...every(10, [1, 2]),
      { at: START + 50_000, value: 6 },
      { at: START + 60_000, value: 7 },
    ]);
    expect(valuesOf(series)).toEqual([1, 2, Number.NaN, Number.NaN, Number.NaN, 6]);
    expect(series.knownPoints(0)).toBe(3);
  });

  it("keeps what it knows over a gap that is longer than a tier", () => {
    const series = filled(
      every(
        10,
        Array.from({ length: 100 }, (_, i) => i),
      ),
    );
    series.append({ at: START + 2 * 3600_000, value: 7 });
    const finest = valuesOf(series, 0, true);
    expect(finest.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(finest.slice(100, -1)).toEqual(new Array(180).fill(Number.NaN));
    expect(finest.at(-1)).toBe(7);
    expect(series.history(0, { includeOpen: true }).lastAt).toBe(START + 2 * 3600_000);
    expect(valuesOf(series, 1)).toHaveLength(120);
    expect(series.knownPoints(1)).toBe(17);
  });

  it("moves slots of a daily season by whole days when it cuts a gap", () => {
    const quarters = (day: number, length: number) =>
      Array.from({ length }, (_, i) => ({ at: START + day * DAY + i * 900_000, value: i % 96 }));
    const series = filled([...quarters(0, 3 * 96), ...quarters(400, 96)]);
    const { values, lastAt = 0 } = series.history(2);
    const known = Array.from(values.entries()).filter(([, value]) => !Number.isNaN(value));
    expect(known).toHaveLength(4 * 96 - 1);
    for (const [index, value] of known) {
      const at = lastAt - (values.length - 1 - index) * 900_000;
      expect(Math.floor(((at - START) % DAY) / 900_000)).toBe(value);
    }
  });

  it("moves in time as a whole, and goes on without a gap", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e12, max: 1e12 }), { maxLength: 6 }), (steps) => {
        const moved = new TieredSeries(TEN_SECONDS);
        const still = new TieredSeries(TEN_SECONDS);
        let ahead = 0;
        for (let i = 0; i < 240; i += 1) {
          const step = i % 40 === 20 ? (steps[Math.floor(i / 40)] ?? 0) : 0;
          ahead += step;
          moved.shift(step);
          const sample = { at: START + i * 10_000, value: i };
          expect(moved.append({ ...sample, at: sample.at + ahead })).toEqual({ outcome: "stored" });
          still.append(sample);
        }
        for (const tier of [0, 1, 2]) {
          const { lastAt = 0, ...history } = still.history(tier, { includeOpen: true });
          const { lastAt: movedAt = 0, ...movedHistory } = moved.history(tier, { includeOpen: true });
          expect(movedHistory.values).toEqual(history.values);
          expect(movedAt).toBeCloseTo(lastAt + ahead, 2);
        }
        expect(moved.latest?.at).toBe(START + 239 * 10_000 + ahead);
      }),
    );
  });

  it("folds samples of one slot whatever their order, and drops those of an older slot", () => {
    const series = filled(every(10, [1, 2]));
    expect(series.append({ at: START + 10_000, value: 4 })).toEqual({ outcome: "stored" });
    expect(series.append({ at: START + 9_000, value: 6 })).toEqual({ outcome: "stored" });
    expect(series.append({ at: START + 1_000, value: 99 })).toEqual({
      outcome: "dropped",
      reason: "out_of_order",
    });
    expect(valuesOf(series, 0, true)).toEqual([1, 4]);
    expect(series.latest).toEqual({ at: START + 10_000, value: 4 });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "drops %s as value and as time",
    (bad) => {
      const series = filled(every(10, [1]));
      expect(series.append({ at: START + 10_000, value: bad })).toEqual({
        outcome: "dropped",
        reason: "not_finite",
      });
      expect(series.append({ at: bad, value: 1 })).toEqual({ outcome: "dropped", reason: "not_finite" });
      expect(valuesOf(series, 0, true)).toEqual([1]);
    },
  );

  it("handles impossible times", () => {
    const series = filled([
      { at: -1e300, value: 1 },
      ...every(10, [2]),
      { at: 1e300, value: 3 },
      { at: 1e300, value: 4 },
    ]);
    expect(valuesOf(series, 0, true)).toEqual([1, 2, 3.5]);
  });

  it("puts one jittering sample into each slot, also at the borders of the clock", () => {
    const jitter = [0, 4, -3, 5, -5, 2, -1, 3, -4, 0];
    const samples = jitter.map((late, i) => ({ at: START + i * 10_000 + late * 100, value: i }));
    expect(valuesOf(filled(samples), 0, true)).toEqual(jitter.map((_, i) => i));
  });

  it("returns the middle of its last slot", () => {
    const series = filled(every(10, [1, 2, 3]));
    expect(series.history(0).lastAt).toBe(START + 10_000);
    expect(series.history(0, { includeOpen: true }).lastAt).toBe(START + 20_000);
    expect(series.history(1, { includeOpen: true }).lastAt).toBe(START + 30_000);
  });

  it("has a season of a day when two days fit", () => {
    const series = new TieredSeries(TEN_SECONDS);
    expect([0, 1, 2].map((tier) => series.history(tier).season)).toEqual([undefined, undefined, 96]);
  });

  it("feeds a model exactly the slots that were completed since", () => {
    const series = filled(every(10, [1, 2, 3]));
    const { cursor } = series.history(0);
    expect(series.pointsSince(0, cursor)).toEqual({
      values: new Float64Array(0),
      cursor,
      complete: true,
      lastAt: START + 10_000,
    });
    series.append({ at: START + 50_000, value: 6 });
    const points = series.pointsSince(0, cursor);
    expect(points).toEqual({
      values: Float64Array.of(3, Number.NaN, Number.NaN),
      cursor: cursor + 3,
      complete: true,
      lastAt: START + 40_000,
    });
    expect(series.pointsSince(0, points.cursor).values).toHaveLength(0);
  });

  it("does not feed the open slot twice when the history had it already", () => {
    const series = filled(every(10, [1, 2]));
    const { cursor } = series.history(0, { includeOpen: true });
    expect(series.pointsSince(0, cursor)).toEqual({
      values: new Float64Array(0),
      cursor,
      complete: true,
      lastAt: START + 10_000,
    });
    for (const sample of every(10, [3, 4], START + 20_000)) series.append(sample);
    expect([...series.pointsSince(0, cursor).values]).toEqual([3]);
  });

  it("feeds the open slot too when asked to, and each slot once", () => {
    const series = filled(every(10, [1, 2]));
    let { cursor } = series.history(0, { includeOpen: true });
    const fed = (): number[] => {
      const points = series.pointsSince(0, cursor, { includeOpen: true });
      expect(points.complete).toBe(true);
      cursor = points.cursor;
      return [...points.values];
    };
    expect(fed()).toEqual([]);
    series.append({ at: START + 20_000, value: 3 });
    expect(fed()).toEqual([3]);
    // A second sample of the same slot.
    series.append({ at: START + 20_001, value: 5 });
    expect(fed()).toEqual([]);
    series.append({ at: START + 40_000, value: 6 });
    expect(fed()).toEqual([Number.NaN, 6]);
  });

  it("feeds what it would have fed when an earlier sample was the last one", () => {
    const times = fc.array(fc.integer({ min: 5_001, max: 150_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 2 }), fc.boolean(), (gaps, tier, includeOpen) => {
        const [early, late] = [filled(every(10, [1])), filled(every(10, [1]))];
        let at = START;
        const samples = gaps.map((gap, index) => {
          at += Math.max(gap, includeOpen ? 10_000 : 0);
          return { at, value: index };
        });
        for (const sample of samples) late.append(sample);
        let { cursor } = early.history(tier, { includeOpen });
        for (const sample of samples) {
          early.append(sample);
          const then = early.pointsSince(tier, cursor, { includeOpen });
          const expected = { ...then, values: [...then.values] };
          const now = late.pointsSince(tier, cursor, { includeOpen, until: sample.at });
          // An open slot of a coarse tier has more samples later. Models do not take it.
          if (!includeOpen || tier === 0) expect({ ...now, values: [...now.values] }).toEqual(expected);
          cursor = then.cursor;
        }
      }),
    );
  });

  it("reports when slots since the cursor are lost", () => {
    const series = filled(every(10, [1, 2, 3]));
    const { cursor } = series.history(0);
    for (const sample of every(10, new Array<number>(400).fill(5), START + 30_000)) series.append(sample);
    expect(series.pointsSince(0, cursor)).toMatchObject({ complete: false });
    expect(series.pointsSince(0, cursor).values).toHaveLength(360);
    const later = series.history(0).cursor;
    series.append({ at: START + 1e8, value: 1 });
    const over = series.pointsSince(0, later);
    expect(over).toMatchObject({ complete: true, lastAt: START + 1e8 - 10_000 });
    expect([...over.values]).toEqual([5, ...new Array(180).fill(Number.NaN)]);
  });

  it("knows which tiers it has", () => {
    const series = new TieredSeries(TEN_SECONDS);
    expect([-1, 0, 0.5, 2, 3].filter((tier) => series.hasTier(tier))).toEqual([0, 2]);
  });

  it("refuses a missing tier, and resolutions out of order", () => {
    expect(() => new TieredSeries(TEN_SECONDS).history(3)).toThrow(
      "tier: expected a number from 0 to 2, got 3",
    );
    expect(() => new TieredSeries({ resolutions: [] })).toThrow(/^resolutions: /);
  });
});

describe("the tier for a horizon", () => {
  const long = filled(every(10, new Array<number>(12_000).fill(1)));

  it("is the finest with few enough steps", () => {
    expect([300, 3600, 3601, 6 * 3600, 86_400].map((horizon) => long.tierFor(horizon))).toEqual([
      0, 0, 1, 1, 2,
    ]);
    expect(long.tierFor(300, { maxSteps: 10 })).toBe(1);
    expect(long.tierFor(1e9)).toBe(2);
  });

  it("is a finer one while the coarse one has too few points", () => {
    const young = filled(every(10, new Array<number>(200).fill(1)));
    expect(young.tierFor(86_400)).toBe(1);
    expect(young.tierFor(86_400, { minPoints: 34 })).toBe(0);
    expect(new TieredSeries(TEN_SECONDS).tierFor(86_400)).toBe(0);
  });

  it("is the same without the tiers that no horizon needs", () => {
    const lengths = fc.integer({ min: 1, max: 3000 });
    const horizons = fc.array(fc.integer({ min: 1, max: 3 * 86_400 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lengths, horizons, fc.constantFrom(1, 10, 30, 300), (length, asked, stepSeconds) => {
        const resolutions = defaultResolutions(stepSeconds);
        const samples = every(stepSeconds, new Array<number>(length).fill(1));
        const whole = filled(samples, { resolutions });
        const needed = filled(samples, { resolutions: tiersUpTo(resolutions, Math.max(...asked)) });
        for (const horizon of asked) expect(needed.tierFor(horizon)).toBe(whole.tierFor(horizon));
      }),
      { numRuns: 50 },
    );
  });

  it("does not count gaps as points", () => {
    const sparse = filled(every(3600, new Array<number>(20).fill(1)));
    expect(sparse.tierFor(86_400, { minPoints: 20 })).toBe(0);
    expect(sparse.tierFor(86_400, { minPoints: 19 })).toBe(2);
  });
});

describe("tiers", () => {
  it("equal a resampling of all samples by hand, within their capacity", () => {
    const resolutions = [
      // Of which half is longer than any of the gaps: longer ones are cut.
      { stepSeconds: 10, capacity: 50 },
      { stepSeconds: 60, capacity: 9 },
    ];
    const gaps = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 0, max: 200_000 })),
      {
        minLength: 1,
        maxLength: 80,
      },
    );
    fc.assert(
      fc.property(
        gaps,
        fc.constantFrom(...FOLD_KINDS),
        fc.integer({ min: 0, max: 1e6 }),
        (waits, fold, start) => {
          let at = START + start;
          const samples = waits.map((wait, i) => {
            at += wait;
            return { at, value: (i * 37) % 11 };
          });
          const series = filled(samples, { resolutions }, fold);
          const firstAt = (samples[0] as Sample).at;
          resolutions.forEach(({ stepSeconds, capacity }, tier) => {
            const origin = tier === 0 ? firstAt - stepSeconds * 500 : 0;
            const expected = resampled(samples, stepSeconds, origin, capacity, fold);
            const told = valuesOf(series, tier, true);
            expect(told).toHaveLength(expected.length);
            told.forEach((value, i) => {
              if (Number.isNaN(expected[i])) expect(value).toBeNaN();
              else expect(value).toBeCloseTo(expected[i] as number, 9);
            });
            expect(told.length).toBeLessThanOrEqual(capacity + 1);
          });
        },
      ),
    );
  });
});

/**
 * Groups samples by slot, folds each group, fills gaps, and keeps `capacity` slots before the last
 * one.
 */
function resampled(
  samples: readonly Sample[],
  stepSeconds: number,
  origin: number,
  capacity: number,
  fold: FoldKind,
): number[] {
  const slots = new Map<number, Sample[]>();
  for (const sample of samples) {
    const slot = Math.floor((sample.at - origin) / (stepSeconds * 1000));
    slots.set(slot, [...(slots.get(slot) ?? []), sample]);
  }
  const filledSlots = [...slots.keys()];
  let first = filledSlots[0] as number;
  filledSlots.forEach((slot, i) => {
    if (slot - (filledSlots[i - 1] ?? slot) > capacity) first = slot;
  });
  const last = filledSlots.at(-1) as number;
  const values: number[] = [];
  for (let slot = Math.max(first, last - capacity); slot <= last; slot++) {
    const [head, ...rest] = slots.get(slot) ?? [];
    let value = head?.value ?? Number.NaN;
    let at = head?.at ?? Number.NaN;
    for (const [index, sample] of rest.entries()) {
      value = FOLDS[fold](value, index + 1, at, sample);
      at = Math.max(at, sample.at);
    }
    values.push(value);
  }
  return values;
}

describe("a snapshot", () => {
  const samples = every(10, [1, 2, 3, 4, 5, 6, 7]);

  it("is plain data, and the series continues without a difference", () => {
    const whole = filled([...samples, { at: START + 90_000, value: 10 }, { at: START + 100_000, value: 11 }]);
    const saved: unknown = structuredClone(filled(samples).snapshot());
    expect(isSeriesSnapshot(saved)).toBe(true);
    if (!isSeriesSnapshot(saved)) return;
    const restored = TieredSeries.restore(saved, TEN_SECONDS, START + 80_000);
    expect(restored.latest).toEqual({ at: START + 60_000, value: 7 });
    restored.append({ at: START + 90_000, value: 10 });
    restored.append({ at: START + 100_000, value: 11 });
    for (const tier of [0, 1, 2]) {
      expect(restored.history(tier, { includeOpen: true })).toEqual(
        whole.history(tier, { includeOpen: true }),
      );
    }
    expect(restored.snapshot()).toEqual(whole.snapshot());
  });

  it("adapts to the phase of the new process", () => {
    const restored = TieredSeries.restore(filled(samples).snapshot(), TEN_SECONDS, START + 104_900);
    const jitter = [0, 3, -3, 2, -2];
    jitter.forEach((late, i) => {
      restored.append({ at: START + 104_900 + i * 10_000 + late * 100, value: i });
    });
    expect(valuesOf(restored, 0, true).slice(-5)).toEqual([0, 1, 2, 3, 4]);
  });

  it("stays where it was when the new process samples at the phase of the one before", () => {
    const restored = TieredSeries.restore(filled(samples).snapshot(), TEN_SECONDS, START + 70_000);
    const whole = filled(samples);
    for (const late of [2000, -2000, 1000, 2400]) {
      for (const series of [restored, whole]) series.append({ at: START + 70_000 + late, value: late });
    }
    expect(restored.snapshot()).toEqual(whole.snapshot());
  });

  it.each([10_000, 3_600_000, 10 * 365 * 86_400_000])(
    "that is %d ms ahead takes samples at once",
    (ahead) => {
      const now = START + 60_000 - ahead;
      const restored = TieredSeries.restore(filled(samples).snapshot(), TEN_SECONDS, now);
      expect(restored.latest?.at).toBe(now);
      for (const value of [8, 9]) {
        expect(restored.append({ at: now + value * 10_000, value })).toEqual({ outcome: "stored" });
      }
      expect(valuesOf(restored, 0, true).filter((value) => !Number.isNaN(value))).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9,
      ]);
    },
  );

  it("keeps the tiers whose step is the same", () => {
    const resolutions = defaultResolutions(30);
    const restored = TieredSeries.restore(filled(samples).snapshot(), { resolutions }, START + 80_000);
    expect(valuesOf(restored, 0, true)).toEqual([]);
    expect(valuesOf(restored, 1, true)).toEqual([3.5, 7]);
  });

  it.each([
    ["nothing", undefined],
    ["no tiers", {}],
    ["a tier that is none", { tiers: [null] }],
    ["a value that is none", { tiers: [{ stepSeconds: 1, originMillis: 0, slot: 1, values: ["1"] }] }],
    ["a slot that is none", { tiers: [{ stepSeconds: 1, originMillis: 0, slot: 1.5, values: [] }] }],
    ["a step that is none", { tiers: [{ stepSeconds: null, originMillis: 0, slot: 1, values: [] }] }],
    [
      "an open slot that is none",
      { tiers: [{ stepSeconds: 1, originMillis: 0, slot: 1, values: [], open: {} }] },
    ],
    [
      "an open slot before all times",
      {
        tiers: [
          { stepSeconds: 1, originMillis: 0, slot: 1, values: [], open: { value: 1, count: 1, at: -1e22 } },
        ],
      },
    ],
  ])("is not taken for one: %s", (_, value) => {
    expect(isSeriesSnapshot(value)).toBe(false);
  });
});
