import { describe, expect, it } from "vitest";
import { ConcurrencyRecord } from "../../src/agents/concurrency-record.ts";
import { scalabilityOf } from "../../src/agents/scalability.ts";
import { scalableThroughput } from "../math/scalable-throughput.ts";

const truth = { lambda: 20, sigma: 0.05, kappa: 0.002 };

/** Lets so many tasks run at once until 200 have ended, and closes every 50. */
function work(record: ConcurrencyRecord, concurrency: number, law = truth): void {
  const millis = 1000 / scalableThroughput(concurrency, law);
  for (let task = 1; task <= 200; task += 1) {
    record.pass(millis, concurrency);
    record.end();
    if (task % 50 === 0) record.close();
  }
}

function recordOf(levels: readonly number[], law = truth): ConcurrencyRecord {
  const record = new ConcurrencyRecord();
  for (const level of levels) work(record, level, law);
  return record;
}

describe("the record of concurrency", () => {
  it("pairs the mean of what is active while anything is with what ends in that time", () => {
    const record = new ConcurrencyRecord();
    for (let task = 0; task < 20; task += 1) {
      record.pass(100, 1);
      record.pass(100, 3);
      record.pass(5000, 0);
      record.end();
    }
    record.close();
    const [point, ...others] = record.points();
    expect(others).toEqual([]);
    expect(point?.concurrency).toBe(2);
    expect(point?.throughput).toBeCloseTo(5, 12);
  });

  it("waits until enough has ended for a point", () => {
    const record = new ConcurrencyRecord();
    for (let task = 1; task <= 10; task += 1) {
      expect(record.points()).toEqual([]);
      record.pass(100, 1);
      record.end();
      record.close();
    }
    expect(record.points()).toHaveLength(1);
  });

  it("keeps a bounded number of levels, and forgets how a level was long ago", () => {
    const record = recordOf(Array.from({ length: 400 }, (_, index) => 1 + index * 3));
    expect(record.points().length).toBeLessThanOrEqual(65);
    const changed = recordOf([4]);
    for (let round = 0; round < 60; round += 1) work(changed, 4, { ...truth, lambda: 40 });
    const after = scalableThroughput(4, { ...truth, lambda: 40 });
    expect((changed.points()[0]?.throughput ?? 0) / after).toBeCloseTo(1, 2);
  });
});

describe("the scalability of an agent", () => {
  it("is what its tasks were made to show", () => {
    const { contention, coherence, peakConcurrency } = scalabilityOf(
      recordOf([1, 2, 4, 6, 8, 12, 16, 24, 32]).points(),
    );
    expect(contention?.value).toBeCloseTo(0.05, 4);
    expect(coherence?.value).toBeCloseTo(0.002, 5);
    expect(peakConcurrency?.value).toBeCloseTo(Math.sqrt(0.95 / 0.002), 1);
    for (const number of [contention, coherence, peakConcurrency]) {
      expect(number?.lower).toBeLessThanOrEqual(number?.value as number);
      expect(number?.upper).toBeGreaterThanOrEqual(number?.value as number);
    }
  });

  it.for([
    ["too few levels", [1, 2, 4, 8, 16]],
    ["too narrow a spread", [10, 12, 14, 17, 20, 24, 28]],
  ] as const)("is not told from %s", ([, levels]) => {
    expect(scalabilityOf(recordOf(levels).points())).toEqual({});
  });

  it("is not told where throughput has nothing to do with concurrency", () => {
    const points = [1, 2, 4, 8, 16, 32, 64].map((concurrency, index) => ({
      concurrency,
      throughput: index % 2 === 0 ? 10 : 100,
    }));
    expect(scalabilityOf(points)).toEqual({});
  });

  it("has no peak that lies far beyond what was seen", () => {
    const shown = scalabilityOf(
      recordOf([1, 2, 3, 4, 6, 8], { lambda: 20, sigma: 0.05, kappa: 1e-5 }).points(),
    );
    expect(shown.contention?.value).toBeCloseTo(0.05, 3);
    expect(shown.peakConcurrency).toBeUndefined();
  });
});
