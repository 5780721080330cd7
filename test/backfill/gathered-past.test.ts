import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GatheredPast } from "../../src/backfill/gathered-past.ts";
import { queryOf } from "../../src/backfill/past-query.ts";
import { partsOf, type TierRange } from "../../src/backfill/tier-ranges.ts";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { defaultResolutions, type Resolution } from "../../src/series/resolution.ts";
import { expectSame, fedLive } from "./as-live.ts";
import { FakePrometheus } from "./fake-prometheus.ts";

const NOW = Date.UTC(2026, 5, 7, 12, 34, 56, 789);
/** Small tiers, so that each test fills them. Slots of 10 s, 60 s and 15 min. */
const SMALL: readonly Resolution[] = [
  { stepSeconds: 10, capacity: 30 },
  { stepSeconds: 60, capacity: 40 },
  { stepSeconds: 900, capacity: 12 },
];

type Samples = Map<number, number>;

/** Asks as the backfill does, with long ranges in parts of any size. */
function ask(
  resolutions: readonly Resolution[],
  pasts: readonly Samples[],
  { isLeftOpen = false, most = 1000, now = NOW } = {},
): GatheredPast {
  const series = pasts.map((samples, index) => ({ labels: { id: String(index) }, samples }));
  const prometheus = new FakePrometheus(() => series, isLeftOpen);
  const gathered = new GatheredPast(resolutions, now);
  for (const { labels } of series) gathered.add(labels.id);
  const askFor = (range: TierRange): void => {
    for (const part of partsOf(range, most)) answer(gathered, prometheus, part, resolutions);
  };
  for (const range of gathered.ranges) askFor(range);
  for (const { tier } of gathered.ranges.toReversed()) {
    const lacking = (): number => atOnce(gathered.lackingSlots(tier));
    for (let slots = lacking(); slots > 0; slots = lacking()) askFor(gathered.extend(tier, slots));
  }
  return gathered;
}

function answer(
  gathered: GatheredPast,
  prometheus: FakePrometheus,
  part: TierRange,
  [finest]: readonly Resolution[],
): void {
  for (const isFiltered of [false, true]) {
    const { query, start, end, stepMillis } = queryOf(
      "x",
      part,
      (finest?.stepSeconds ?? 0) * 1000,
      isFiltered,
    );
    for (let at = start; at <= end; at += stepMillis)
      for (const { labels, value } of prometheus.evaluate(query, at))
        if (Number.isFinite(value)) gathered.take(part, labels.id as string, [at], [value]);
  }
  gathered.answered(part);
}

/** The samples of the time for which the coarsest tier is asked. */
function within(samples: Samples, resolutions: readonly Resolution[], now = NOW): [number, number][] {
  const range = new GatheredPast(resolutions, now).ranges.at(-1) as TierRange;
  const from = range.first * range.stepMillis;
  return [...samples].filter(([at, value]) => at >= from && Number.isFinite(value));
}

/** Runs of values and of gaps, from the newest sample back: one at each multiple of the interval. */
const runs = fc.array(
  fc.record({
    length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 400 })),
    isGap: fc.boolean(),
    level: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  }),
  { minLength: 1, maxLength: 12 },
);

function samplesOf(
  parts: readonly { length: number; isGap: boolean; level: number }[],
  intervalMillis: number,
  now = NOW,
): Samples {
  const backwards: [number, number][] = [];
  let at = Math.floor(now / intervalMillis) * intervalMillis;
  for (const { length, isGap, level } of parts) {
    for (let count = 0; count < length; count++) {
      const wave = level + Math.sin(at / 77_777) * (1 + Math.abs(level) / 10);
      // Some values are none: they are no samples of a live series either.
      if (!isGap) backwards.push([at, count % 17 === 13 ? Number.NaN : count % 19 === 7 ? 1 / 0 : wave]);
      at -= intervalMillis;
    }
  }
  return new Map(backwards.toReversed());
}

describe("the past of a series", () => {
  it.each([
    ["Prometheus 2", false],
    ["Prometheus 3", true],
  ])("from %s is as if it had been taken live, whatever its gaps", (_, isLeftOpen) => {
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 300 }), fc.nat(900_000), (parts, most, later) => {
        const now = NOW + later;
        const samples = samplesOf(parts, 10_000, now);
        const live = within(samples, SMALL, now);
        const gathered = ask(SMALL, [samples], { isLeftOpen, most, now });
        const newest = live.at(-1)?.[0] ?? 0;
        const [{ first, stepMillis }] = new GatheredPast(SMALL, now).ranges as [TierRange];
        // Otherwise the series is not asked for.
        fc.pre(newest >= first * stepMillis);
        expectSame(gathered.snapshotOf("0"), fedLive(SMALL, live));
      }),
      { numRuns: 150 },
    );
  });

  it.each([10, 60, 7, 900, 0.5])(
    "with the tiers of a collection interval of %d s is as if live",
    (seconds) => {
      const interval = seconds * 1000;
      const resolutions = defaultResolutions(seconds);
      fc.assert(
        fc.property(
          fc.array(runs, { minLength: 1, maxLength: 2 }),
          fc.boolean(),
          ([one = [], two = []], isLeftOpen) => {
            const samples = samplesOf([...one, { length: 3000, isGap: false, level: 5 }, ...two], interval);
            const live = within(samples, resolutions);
            const gathered = ask(resolutions, [samples], { isLeftOpen });
            const newest = live.at(-1)?.[0] ?? 0;
            const [{ first, stepMillis }] = new GatheredPast(resolutions, NOW).ranges as [TierRange];
            fc.pre(newest >= first * stepMillis);
            expectSame(gathered.snapshotOf("0"), fedLive(resolutions, live));
          },
        ),
        { numRuns: 5 },
      );
    },
  );

  it("is used up to a sample that was taken already", () => {
    const samples = samplesOf([{ length: 500, isGap: false, level: 3 }], 10_000);
    const before = NOW - 123_456;
    const live = within(samples, SMALL).filter(([at]) => at < before);
    expectSame(ask(SMALL, [samples]).snapshotOf("0", before), fedLive(SMALL, live));
  });

  it("after an outage of all series has what was before it", () => {
    const outage = [
      { length: 5, isGap: false, level: 1 },
      { length: 300, isGap: true, level: 0 },
      { length: 400, isGap: false, level: 2 },
    ];
    const pasts = [1, 2, 3].map((level) =>
      samplesOf(
        outage.map((run) => ({ ...run, level })),
        10_000,
      ),
    );
    const gathered = ask(SMALL, pasts);
    for (const [index, samples] of pasts.entries())
      expectSame(gathered.snapshotOf(String(index)), fedLive(SMALL, within(samples, SMALL)));
    expect(gathered.snapshotOf("0")?.tiers[0]?.values).toHaveLength(30);
  });

  it("begins in a gap that few of the series have, if the gap is all that it lacks", () => {
    const steady = [{ length: 1400, isGap: false, level: 2 }];
    // The newest sample is older than those of others, and a gap reaches over the oldest slot.
    const gap = [
      { length: 35, isGap: true, level: 0 },
      { length: 20, isGap: false, level: 1 },
      { length: 14, isGap: true, level: 0 },
      ...steady,
    ];
    const pasts = [gap, steady, steady].map((parts) => samplesOf(parts, 10_000));
    const gathered = ask(SMALL, pasts);
    for (const [index, samples] of pasts.entries())
      expectSame(gathered.snapshotOf(String(index)), fedLive(SMALL, within(samples, SMALL)));
  });

  it("begins after a long gap that few of the series have", () => {
    const steady = [{ length: 400, isGap: false, level: 2 }];
    const gap = [{ length: 5, isGap: false, level: 1 }, { length: 300, isGap: true, level: 0 }, ...steady];
    const pasts = [gap, steady, steady].map((parts) => samplesOf(parts, 10_000));
    const gathered = ask(SMALL, pasts);
    expect(gathered.snapshotOf("0")?.tiers[0]?.values).toHaveLength(4);
    expectSame(gathered.snapshotOf("1"), fedLive(SMALL, within(pasts[1] as Samples, SMALL)));
  });
});

describe("answers that are not all there", () => {
  const samples = samplesOf([{ length: 500, isGap: false, level: 3 }], 10_000);
  const prometheus = new FakePrometheus(() => [{ labels: { id: "0" }, samples }], false);

  it("are used from the newest slot back to the first hole", () => {
    const gathered = new GatheredPast(SMALL, NOW);
    gathered.add("0");
    const [newest, minutes] = gathered.ranges as [TierRange, TierRange];
    answer(gathered, prometheus, newest, SMALL);
    const whole = gathered.snapshotOf("0")?.tiers.map(({ values }) => values.length) ?? [];
    const parts = partsOf(minutes, 7);
    for (const part of [parts[1], parts[0], parts[3]]) answer(gathered, prometheus, part as TierRange, SMALL);
    const snapshot = gathered.snapshotOf("0");
    expect(snapshot?.tiers.map(({ values }) => values.length)).toEqual([
      whole[0],
      (whole[1] as number) + 14,
      whole[2],
    ]);
  });

  it("are none before the newest samples have come", () => {
    const gathered = new GatheredPast(SMALL, NOW);
    gathered.add("0");
    for (const range of gathered.ranges.slice(1)) answer(gathered, prometheus, range, SMALL);
    expect(gathered.snapshotOf("0")).toBeUndefined();
    expect(gathered.snapshotOf("unknown")).toBeUndefined();
  });

  it("are refused for times that were not asked for", () => {
    const gathered = new GatheredPast(SMALL, NOW);
    gathered.add("0");
    const [range] = gathered.ranges as [TierRange];
    const last = range.last * range.stepMillis;
    for (const at of [last + 1, last + 10_000, range.first * range.stepMillis - 10_000])
      expect(() => gathered.take(range, "0", [at], [1])).toThrow(
        /it answered for 2026-.*, which was not asked for/,
      );
    gathered.take(range, "other", [last + 1], [1]);
  });
});
