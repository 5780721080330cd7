import { describe, expect, it } from "vitest";
import { FitRecord, fittedValues, followedPast } from "../../src/engine/fit-record.ts";
import type { SavedModel } from "../../src/engine/learnt-schema.ts";
import { TieredSeries } from "../../src/series/tiered-series.ts";

const CAPACITY = 20;
const START = Date.UTC(2026, 0, 1);

/** A series that keeps 20 values, and what it knows when it has had 1, 2, ... in turn. */
function counting() {
  const series = new TieredSeries({ resolutions: [{ stepSeconds: 10, capacity: CAPACITY }] });
  let count = 0;
  const add = (values: number): void => {
    for (let left = values; left > 0; left -= 1) {
      series.append({ at: START + count * 10_000, value: ++count });
    }
  };
  const past = () => {
    const { values, cursor } = series.history(0);
    return { values: Float64Array.from(values), end: cursor };
  };
  return { series, add, past };
}

function from(first: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => first + index);
}

function savedModel(record: FitRecord): SavedModel | undefined {
  const made = record.saved();
  return made && { ...made, tier: 0, stepSeconds: 10, fittedAt: 0, spanSeconds: 10, known: 1, cursor: 0 };
}

describe("the record of a fit", () => {
  const fitted = { values: from(1, 50), end: 50 };

  it("holds the oldest values, as many as the model takes before the next fit and four", () => {
    const record = new FitRecord(fitted, 9.5);
    record.took(51);
    record.followed(50);
    record.took(52);
    expect(record.saved()).toEqual({
      ...{ length: 50, end: 50, last: 50 },
      oldest: from(1, 14),
      taken: from(51, 2),
      followed: [{ taken: 1, length: 50 }],
    });
  });

  it.each([
    [10, 14],
    [996, 1000],
    [1e6, 1000],
  ])("is dropped when the model, which is to take %d values, has taken more than %d", (limit, most) => {
    const record = new FitRecord(fitted, limit);
    for (let taken = 0; taken < most; taken += 1) record.took(taken);
    expect(record.saved()?.taken).toHaveLength(most);
    record.took(most);
    record.followed(50);
    expect(record.saved()).toBeUndefined();
  });
});

describe("what a saved model was made of", () => {
  it("is known while each value is in the record or in the series", () => {
    const { series, add, past } = counting();
    add(CAPACITY + 1);
    const fit = past();
    const record = new FitRecord(fit, 0);
    const saved = () => savedModel(record) as SavedModel;
    for (let dropped = 0; dropped <= 4; dropped += 1) {
      expect(fittedValues(series, saved())).toEqual(fit.values);
      add(1);
    }
    expect(fittedValues(series, saved())).toBeUndefined();
  });

  it("is the past when it followed its seasons, with what it took since and what the series dropped", () => {
    const { series, add, past } = counting();
    add(CAPACITY + 1);
    const fit = past();
    const record = new FitRecord(fit, 10);
    const newest = fit.values.at(-1) ?? Number.NaN;
    for (const value of [1, 2, 3]) record.took(newest + value);
    add(3);
    const then = past();
    record.followed(then.values.length);
    add(6);
    const saved = savedModel(record) as SavedModel;
    const [followed] = saved.followed ?? [];
    expect(followedPast(series, saved, fit.values, followed ?? expect.unreachable())).toEqual(then.values);
    const longer = { taken: 3, length: then.values.length + 4 };
    expect(followedPast(series, saved, fit.values, longer)).toBeUndefined();
  });

  it("has the value of a slot that the model took while it was open", () => {
    const { series, add, past } = counting();
    add(CAPACITY + 1);
    const fit = past();
    const record = new FitRecord(fit, 10);
    record.took(1000);
    add(1);
    const saved = savedModel(record) as SavedModel;
    const found = followedPast(series, saved, fit.values, { taken: 1, length: 3 });
    expect(found).toEqual(Float64Array.of(...fit.values.slice(-2), 1000));
  });
});
