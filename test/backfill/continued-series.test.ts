import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GatheredPast } from "../../src/backfill/gathered-past.ts";
import { queryOf } from "../../src/backfill/past-query.ts";
import type { Resolution } from "../../src/series/resolution.ts";
import { expectSame, fedLive } from "./as-live.ts";
import { FakePrometheus } from "./fake-prometheus.ts";

const STEP = 10_000;
const START = Date.UTC(2026, 5, 7, 12);
/** Small tiers, so that gaps outlast the finest of them. */
const SMALL: readonly Resolution[] = [
  { stepSeconds: 10, capacity: 60 },
  { stepSeconds: 60, capacity: 240 },
  { stepSeconds: 900, capacity: 24 },
];

type Sample = readonly [at: number, value: number];

function samplesOf(count: number, isMissing: (index: number) => boolean = () => false): Sample[] {
  return Array.from(
    { length: count },
    (_, index): Sample => [START + index * STEP, Math.sin(index / 9)],
  ).filter((_sample, index) => !isMissing(index));
}

/** Asks for all that came since the newest sample that is kept. */
function gatheredSince(samples: readonly Sample[], since: number, now: number): GatheredPast {
  const prometheus = new FakePrometheus(() => [{ labels: {}, samples: new Map(samples) }], true);
  const gathered = new GatheredPast(SMALL, now, since);
  gathered.add("0");
  for (const range of gathered.ranges) {
    const { query, start, end, stepMillis } = queryOf("x", range, STEP);
    for (let at = start; at <= end; at += stepMillis)
      for (const { value } of prometheus.evaluate(query, at)) gathered.take(range, "0", [at], [value]);
    if (range.first <= range.last) gathered.answered(range);
  }
  return gathered;
}

/** As they are taken: some time after each multiple of the step. */
function taken(samples: readonly Sample[], phase: number): Sample[] {
  return samples.map(([at, value]) => [at + phase, value]);
}

describe("a stored series that goes on after a gap", () => {
  it("is as if it had been sampled all the time, however long the gap is", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 21, max: 700 })),
        fc.nat(STEP - 1),
        fc.nat(12),
        (before, gap, phase, missing) => {
          // Of a slot that was answered as a whole, nobody knows how many samples it had.
          const samples = samplesOf(
            before + gap,
            (index) => index < before && index % 13 === missing && index > 0,
          );
          const kept = fedLive(SMALL, taken(samples.slice(0, -gap), phase));
          const all = samples.at(-1)?.[0] ?? 0;
          const newestAt = kept.tiers[0]?.open?.at ?? 0;
          const gathered = gatheredSince(samples, newestAt, all + phase);
          expectSame(gathered.snapshotOf("0", undefined, kept), fedLive(SMALL, taken(samples, phase)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("leaves out what was taken after the gap", () => {
    const samples = samplesOf(40);
    const kept = fedLive(SMALL, samples.slice(0, 20));
    const [heldAt] = samples[35] as Sample;
    const gathered = gatheredSince(samples, START + 19 * STEP, START + 39 * STEP);
    expectSame(gathered.snapshotOf("0", heldAt, kept), fedLive(SMALL, samples.slice(0, 35)));
  });

  it("keeps its own values where the API has others", () => {
    const kept = fedLive(
      SMALL,
      samplesOf(20).map(([at, value]) => [at, value + 100]),
    );
    const gathered = gatheredSince(samplesOf(30), START + 19 * STEP, START + 29 * STEP);
    const found = gathered.snapshotOf("0", undefined, kept);
    expect(found?.tiers[0]?.values.slice(0, 20)).toEqual(
      Float64Array.from(samplesOf(20), ([, value]) => value + 100),
    );
  });

  it("stays as it is where the API has nothing", () => {
    const kept = fedLive(SMALL, samplesOf(20));
    const gathered = gatheredSince(samplesOf(20), START + 19 * STEP, START + 29 * STEP);
    expect(gathered.snapshotOf("0", undefined, kept)).toBeUndefined();
  });

  it("is asked for only from its newest sample on", () => {
    const since = START + 100 * STEP;
    const ranges = (now: number) => new GatheredPast(SMALL, now, since).ranges;
    const [finest, ...coarser] = ranges(since + 5 * STEP);
    expect(finest).toMatchObject({ first: since / STEP, last: since / STEP + 5 });
    for (const { first, last } of coarser) expect(last).toBeLessThan(first);
    // Of a month, no more than what the tiers keep.
    for (const { tier, first, last } of ranges(since + 30 * 86_400_000))
      expect(last - first).toBeLessThanOrEqual((SMALL[tier]?.capacity ?? 0) + 200);
  });
});
