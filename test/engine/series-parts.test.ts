import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinedSeries, type PartedSeries, SeriesParts } from "../../src/engine/series-parts.ts";
import { SeriesStore, type StoredSeries, storedSnapshotOf } from "../../src/series/series-store.ts";
import { TieredSeries } from "../../src/series/tiered-series.ts";

const KEY = { metric: "depth", labels: {} };
const START = Date.UTC(2026, 5, 7, 12);
const RESOLUTIONS = [
  { stepSeconds: 10, capacity: 360 },
  { stepSeconds: 60, capacity: 240 },
];

/** A series whose parts are written as a state does: only those that have changed. */
class SavedSeries {
  readonly store = new SeriesStore({
    maxSeries: 10,
    expiryMillis: Number.POSITIVE_INFINITY,
    resolutions: RESOLUTIONS,
  });
  readonly #parts = new SeriesParts();
  readonly #written = new Map<string, { readonly version: number; readonly data: unknown }>();
  readonly counts = { past: 0, newer: 0 };
  learntChanges = 0;

  get stored(): StoredSeries {
    const [stored] = this.store;
    if (stored === undefined) throw new Error("nothing was appended");
    return stored;
  }

  append(at: number): void {
    this.store.append(KEY, { at, value: Math.sin(at / 77_777) });
  }

  parts(): PartedSeries {
    const changes = this.learntChanges;
    return this.#parts.of(this.stored, { changes, saved: () => ({ learnt: changes }) });
  }

  save(): void {
    const parts = this.parts();
    for (const kind of ["past", "newer"] as const) {
      const { version, data } = parts[kind];
      if (this.#written.get(kind)?.version === version) continue;
      this.#written.set(kind, { version, data: data() });
      this.counts[kind] += 1;
    }
  }

  /** What the next process restores. */
  loaded(): unknown {
    const joined = joinedSeries(this.#written.get("newer")?.data, this.#written.get("past")?.data);
    if (joined === undefined) return undefined;
    return TieredSeries.restore(joined, { resolutions: RESOLUTIONS }, Number.POSITIVE_INFINITY).snapshot();
  }
}

describe("a series that is saved in two parts", () => {
  it("is whole again, whenever it is saved and whatever its gaps are", () => {
    const step = fc.record({
      gapSeconds: fc.oneof(
        fc.constant(10),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 20_000 }),
      ),
      samples: fc.integer({ min: 1, max: 400 }),
      clockSeconds: fc.oneof(fc.constant(0), fc.integer({ min: -100, max: 100 })),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const saved = new SavedSeries();
        let at = START;
        for (const { gapSeconds, samples, clockSeconds } of steps) {
          at += gapSeconds * 1000;
          for (let index = 0; index < samples; index++) saved.append(at + index * 10_000);
          at += samples * 10_000;
          saved.store.shift(clockSeconds * 1000);
          at += clockSeconds * 1000;
          saved.save();
          expect(saved.loaded()).toEqual(saved.stored.series.snapshot());
        }
      }),
      { numRuns: 150 },
    );
  });

  it("has a past that is written only now and then, and nothing is written that has not changed", () => {
    const saved = new SavedSeries();
    for (let minute = 0; minute < 240; minute++) {
      for (let sample = 0; sample < 6; sample++) saved.append(START + (minute * 6 + sample) * 10_000);
      saved.save();
      saved.save();
    }
    expect(saved.counts.newer).toBe(240);
    // Seven values a minute, 256 of them at most.
    expect(saved.counts.past).toBeLessThanOrEqual(8);
    saved.learntChanges += 1;
    saved.save();
    expect(saved.counts.newer).toBe(241);
  });

  it("is whole again if the past was written later than it was marked", () => {
    const saved = new SavedSeries();
    for (let sample = 0; sample < 90; sample++) saved.append(START + sample * 10_000);
    const { past } = saved.parts();
    for (let sample = 90; sample < 150; sample++) saved.append(START + sample * 10_000);
    const { newer } = saved.parts();
    expect(joinedSeries(newer.data(), past.data())).toEqual({ ...storedSnapshotOf(saved.stored), learnt: 0 });
  });

  it("is none without its past, with one of long ago, or with one of another grid", () => {
    const saved = new SavedSeries();
    for (let sample = 0; sample < 90; sample++) saved.append(START + sample * 10_000);
    const older = saved.parts().past.data();
    for (let sample = 90; sample < 600; sample++) saved.append(START + sample * 10_000);
    const { past, newer } = saved.parts();
    expect(joinedSeries(newer.data(), past.data())).toBeDefined();
    expect(joinedSeries(newer.data(), older)).toBeUndefined();
    expect(joinedSeries(newer.data(), undefined)).toBeUndefined();
    expect(joinedSeries(undefined, past.data())).toBeUndefined();
    const moved = past.data().tiers.map((tier) => ({ ...tier, originMillis: tier.originMillis + 1 }));
    expect(joinedSeries(newer.data(), { tiers: moved })).toBeUndefined();
  });
});
