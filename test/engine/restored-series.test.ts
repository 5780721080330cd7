import { beforeEach, expect, it } from "vitest";
import { seriesId } from "../../src/core/series-key.ts";
import { type DatabaseSeries, RestoredSeries } from "../../src/engine/restored-series.ts";
import { SeriesStore, storedSnapshotOf } from "../../src/series/series-store.ts";

const RESOLUTIONS = [{ stepSeconds: 10, capacity: 100 }];
const KEY = { metric: "load", labels: { host: "a" } };
const ID = seriesId(KEY);
const NOW = 1_000_000;
let store: SeriesStore;
let restored: RestoredSeries;

beforeEach(() => {
  store = new SeriesStore({ maxSeries: 2, expiryMillis: 3_600_000, resolutions: RESOLUTIONS });
  restored = new RestoredSeries(store);
});

/** A series that has had these values every ten seconds from a time on. */
function snapshotOf(values: readonly number[], from = 0) {
  const other = new SeriesStore({ maxSeries: 1, expiryMillis: 3_600_000, resolutions: RESOLUTIONS });
  for (const [index, value] of values.entries())
    other.append(KEY, { at: from + index * 10_000, value }, { fold: "max" });
  const stored = other.get(ID);
  if (stored === undefined) throw new Error("nothing was stored");
  return storedSnapshotOf(stored);
}

function found(values: readonly number[], { from = 0, isAnswered = true } = {}): DatabaseSeries {
  const { tiers } = snapshotOf(values, from);
  return { key: KEY, snapshot: { tiers }, resolutions: RESOLUTIONS, isAnswered };
}

const values = () => store.get(ID)?.series.history(0, { includeOpen: true }).values ?? [];

it("what a database knows replaces what was restored, which keeps its fold and its time", () => {
  store.restore({ ...snapshotOf([1, 2]), touchedAt: 7 }, NOW);
  restored.complete(found([5, 6, 7, 8]), NOW);
  expect([...values()]).toEqual([5, 6, 7, 8]);
  expect(store.get(ID)).toMatchObject({ fold: "max", touchedAt: 7 });
});

it("a series that was completed is not asked for again, and one that was only restored is", () => {
  store.restore(snapshotOf([1, 2]), NOW);
  expect(restored.silent(ID)?.newestAt).toBe(10_000);
  restored.complete(found([5, 6]), NOW);
  expect(restored.silent(ID)).toBeUndefined();
});

it("a series that only the database knows is new", () => {
  restored.complete(found([5, 6]), NOW);
  expect([...values()]).toEqual([5, 6]);
  expect(store.get(ID)).toMatchObject({ fold: "mean", touchedAt: NOW });
});

it("an interrupted series gets what is newer, and keeps what it has", () => {
  for (const [index, value] of [1, 2].entries()) store.append(KEY, { at: index * 10_000, value });
  expect(restored.interrupted(ID, 10_000)).toBeUndefined();
  expect(restored.interrupted(ID, 10_001)?.newestAt).toBe(10_000);
  restored.complete(found([5, 6, 7, 8]), NOW);
  expect([...values()]).toEqual([1, 2, 7, 8]);
});

it.for([
  { isAnswered: true, again: false },
  { isAnswered: false, again: true },
])(
  "an interrupted series with a gap is asked for again: $again, if the answer is all: $isAnswered",
  ({ isAnswered, again }) => {
    store.append(KEY, { at: 0, value: 1 });
    restored.complete(found([8, 9], { from: 50_000, isAnswered }), NOW);
    expect(store.get(ID)?.series.latestAt).toBe(60_000);
    expect(restored.interrupted(ID, NOW) !== undefined).toBe(again);
  },
);
