import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SeriesKey, seriesId } from "../../src/core/series-key.ts";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { defaultResolutions } from "../../src/series/resolution.ts";
import {
  type SeriesStorage,
  SeriesStore,
  type SeriesStoreOptions,
  storedSnapshotOf,
} from "../../src/series/series-store.ts";
import { isStoredSeriesSnapshot, type StoredSeriesSnapshot } from "../../src/series/store-snapshot.ts";

const OPTIONS: SeriesStoreOptions = {
  maxSeries: 3,
  expiryMillis: 60_000,
  resolutions: defaultResolutions(10),
};

function key(agent: string, metric = "ai_cloud_success_rate"): SeriesKey {
  return { metric, labels: { agent } };
}

describe("SeriesStore", () => {
  it("keeps a series for each key, whatever the order of its labels", () => {
    const store = new SeriesStore(OPTIONS);
    store.append({ metric: "m", labels: { a: "1", b: "2" } }, { at: 0, value: 1 });
    store.append({ metric: "m", labels: { b: "2", a: "1" } }, { at: 10_000, value: 2 });
    store.append({ metric: "m", labels: { a: "1", b: "3" } }, { at: 0, value: 9 });
    expect([...store].length).toBe(2);
    const stored = store.get(seriesId({ metric: "m", labels: { a: "1", b: "2" } }));
    expect([...(stored?.series.history(0, { includeOpen: true }).values ?? [])]).toEqual([1, 2]);
  });

  it("keeps the fold that the series started with", () => {
    const store = new SeriesStore(OPTIONS);
    for (const value of [5, 1]) store.append(key("a"), { at: 0, value }, { fold: "max" });
    const stored = store.get(seriesId(key("a")));
    expect(stored?.fold).toBe("max");
    expect(stored?.series.history(0, { includeOpen: true }).values[0]).toBe(5);
  });

  it("keeps the tiers that the longest horizon needs, or all", () => {
    const store = new SeriesStore(OPTIONS);
    const stepsWith = (agent: string, storage?: SeriesStorage): number[] => {
      store.append(key(agent), { at: 0, value: 1 }, storage);
      const stored = store.get(seriesId(key(agent)));
      return stored === undefined ? [] : storedSnapshotOf(stored).tiers.map(({ stepSeconds }) => stepSeconds);
    };
    expect(stepsWith("a")).toEqual([10, 60, 900]);
    expect(stepsWith("b", { horizonSeconds: 3600 })).toEqual([10]);
    expect(stepsWith("c", { horizonSeconds: 3601 })).toEqual([10, 60]);
  });

  it("refuses new series beyond its limit and continues those it has", () => {
    const store = new SeriesStore(OPTIONS);
    for (const agent of ["a", "b", "c"]) store.append(key(agent), { at: 0, value: 1 });
    expect(store.append(key("d"), { at: 0, value: 1 })).toEqual({ outcome: "dropped", reason: "max_series" });
    expect(store.append(key("a"), { at: 10_000, value: 1 })).toEqual({ outcome: "stored" });
    expect(store.delete(seriesId(key("b")))).toBe(true);
    expect(store.delete(seriesId(key("b")))).toBe(false);
    expect(store.append(key("d"), { at: 0, value: 1 })).toEqual({ outcome: "stored" });
  });

  it("drops values that are not finite, without creating a series", () => {
    const store = new SeriesStore(OPTIONS);
    expect(store.append(key("a"), { at: 0, value: Number.NaN })).toEqual({
      outcome: "dropped",
      reason: "not_finite",
    });
    expect([...store].length).toBe(0);
  });

  it("drops samples that are out of order", () => {
    const store = new SeriesStore(OPTIONS);
    store.append(key("a"), { at: 100_000, value: 1 });
    expect(store.append(key("a"), { at: 0, value: 1 })).toEqual({
      outcome: "dropped",
      reason: "out_of_order",
    });
  });

  it("removes and returns series that have expired", () => {
    const store = new SeriesStore(OPTIONS);
    store.append(key("old"), { at: 0, value: 1 });
    store.append(key("new"), { at: 60_000, value: 1 });
    expect(atOnce(store.expire(60_000))).toEqual([]);
    expect(atOnce(store.expire(60_001))).toEqual([key("old")]);
    expect([...store].map((stored) => stored.key)).toEqual([key("new")]);
  });

  it("forgets a series that it removes: a later one of its key was not touched", () => {
    const store = new SeriesStore(OPTIONS);
    const id = seriesId(key("a"));
    store.append(key("a"), { at: 0, value: 1 });
    store.touch(id, OPTIONS.expiryMillis);
    expect([store.delete(id), store.delete(id)]).toEqual([true, false]);
    store.append(key("a"), { at: 0, value: 1 });
    expect(atOnce(store.expire(OPTIONS.expiryMillis))).toEqual([]);
    expect(atOnce(store.expire(OPTIONS.expiryMillis + 1))).toEqual([key("a")]);
  });

  it("keeps a series as long as before when the clock is set", () => {
    for (const step of [3_600_000, -3_600_000]) {
      const store = new SeriesStore(OPTIONS);
      store.append(key("a"), { at: 0, value: 1 });
      store.touch(seriesId(key("a")), 50_000);
      store.shift(step);
      expect(atOnce(store.expire(step + 50_000 + OPTIONS.expiryMillis))).toEqual([]);
      expect(atOnce(store.expire(step + 50_001 + OPTIONS.expiryMillis))).toEqual([key("a")]);
    }
  });

  it("removes a series whose clock was far ahead", () => {
    const store = new SeriesStore(OPTIONS);
    store.append(key("a"), { at: 1e12, value: 1 });
    expect(store.append(key("a"), { at: 0, value: 1 })).toMatchObject({ reason: "out_of_order" });
    store.touch(seriesId(key("a")), 0);
    expect(atOnce(store.expire(0))).toEqual([key("a")]);
    expect(store.append(key("a"), { at: 0, value: 1 })).toEqual({ outcome: "stored" });
  });

  it("never exceeds its limit, and has every key that it reported as stored", () => {
    const steps = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.boolean()), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, (choices) => {
        const store = new SeriesStore(OPTIONS);
        const expected = new Set<string>();
        choices.forEach(([agent, remove], n) => {
          if (remove) {
            expect(store.delete(seriesId(key(agent)))).toBe(expected.delete(agent));
          } else {
            const fits = expected.has(agent) || expected.size < OPTIONS.maxSeries;
            expect(store.append(key(agent), { at: n * 1000, value: n }).outcome).toBe(
              fits ? "stored" : "dropped",
            );
            if (fits) expected.add(agent);
          }
          expect([...store].length).toBe(expected.size);
        });
        expect(new Set([...store].map((stored) => stored.key.labels.agent))).toEqual(expected);
      }),
    );
  });

  it.each([
    ["maxSeries", { maxSeries: 0 }],
    ["maxSeries", { maxSeries: 1.5 }],
    ["expiryMillis", { expiryMillis: 0 }],
    ["expiryMillis", { expiryMillis: Number.NaN }],
    ["resolutions", { resolutions: [] }],
  ])("names %s when it is wrong", (name, wrong) => {
    expect(() => new SeriesStore({ ...OPTIONS, ...wrong })).toThrow(new RegExp(`^${name}: expected `));
  });
});

describe("a snapshot of a series", () => {
  const NOW = 30_000;

  function saved(): StoredSeriesSnapshot[] {
    const store = new SeriesStore(OPTIONS);
    for (const agent of ["a", "b"]) {
      for (const value of [1, 2]) store.append(key(agent), { at: value * 10_000, value }, { fold: "last" });
    }
    return structuredClone(snapshotsOf(store));
  }

  function snapshotsOf(store: SeriesStore): StoredSeriesSnapshot[] {
    return Array.from(store, (stored) => storedSnapshotOf(stored));
  }

  it("restores the series", () => {
    const store = new SeriesStore(OPTIONS);
    expect(saved().map((series) => store.restore(series, NOW))).toEqual([true, true]);
    expect(snapshotsOf(store)).toEqual(saved());
    expect(store.get(seriesId(key("b")))?.fold).toBe("last");
  });

  it("keeps a series alive that was touched", () => {
    const before = new SeriesStore(OPTIONS);
    before.append(key("a"), { at: 0, value: 1 });
    before.touch(seriesId(key("a")), OPTIONS.expiryMillis);
    const store = new SeriesStore(OPTIONS);
    for (const series of snapshotsOf(before)) store.restore(series, OPTIONS.expiryMillis + 1);
    expect(atOnce(store.expire(OPTIONS.expiryMillis + 1))).toEqual([]);
  });

  it("is not restored over a series that is there", () => {
    const store = new SeriesStore(OPTIONS);
    store.append(key("b"), { at: 0, value: 7 });
    expect(saved().map((series) => store.restore(series, NOW))).toEqual([true, false]);
    expect(store.get(seriesId(key("b")))?.series.latest?.value).toBe(7);
  });

  it("respects the limit, and makes room for a new series until it has a sample", () => {
    const store = new SeriesStore({ ...OPTIONS, maxSeries: 1 });
    expect(saved().map((series) => store.restore(series, NOW))).toEqual([true, false]);
    expect(store.append(key("new"), { at: NOW, value: 7 }).outcome).toBe("stored");
    expect([...store].map((stored) => stored.key)).toEqual([key("new")]);
    expect(store.append(key("other"), { at: NOW, value: 7 }).outcome).toBe("dropped");
  });

  it("makes no room after it has a sample", () => {
    const store = new SeriesStore({ ...OPTIONS, maxSeries: 1 });
    for (const series of saved()) store.restore(series, NOW);
    expect(store.append(key("a"), { at: NOW, value: 7 }).outcome).toBe("stored");
    expect(store.append(key("new"), { at: NOW, value: 7 }).outcome).toBe("dropped");
  });

  it("makes no room after it was removed, and its key has a new series", () => {
    const store = new SeriesStore({ ...OPTIONS, maxSeries: 1 });
    for (const series of saved()) store.restore(series, NOW);
    store.delete(seriesId(key("a")));
    expect(store.append(key("a"), { at: NOW, value: 7 }).outcome).toBe("stored");
    expect(store.append(key("new"), { at: NOW, value: 7 }).outcome).toBe("dropped");
  });

  it("is told from damaged data", () => {
    const [first, second] = saved();
    const tier = second?.tiers[0];
    const damaged = [
      { ...first, key: { metric: 1, labels: {} } },
      { ...first, fold: "min" },
      null,
      { tiers: 3 },
      { ...second, tiers: [{ ...tier, slot: 1e300 }] },
      { ...second, tiers: [{ ...tier, originMillis: 1e300 }] },
      { ...second, tiers: [{ ...tier, values: Float64Array.of(Number.POSITIVE_INFINITY) }] },
    ];
    expect(damaged.map(isStoredSeriesSnapshot)).toEqual(damaged.map(() => false));
    expect(isStoredSeriesSnapshot(second)).toBe(true);
  });
});
