import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { START, Table, WINDOW } from "./harness.ts";

const SECOND = 1000;
const BEFORE_US = START - 86_400_000;

function counter(table: Table, temporality: "delta" | "cumulative") {
  return table.stream({ header: { kind: "counter", temporality } });
}

describe("a cumulative counter", () => {
  it("has counted its first reading in a time that is not known", () => {
    const table = new Table();
    counter(table, "cumulative").number(500, START, BEFORE_US);
    expect(table.points()).toEqual([{ labels: {}, value: 0, before: 500 }]);
  });

  it("has counted all of its first reading when it began while we listened", () => {
    const table = new Table();
    table.now += 60 * SECOND;
    counter(table, "cumulative").number(7, START + 60 * SECOND, START + 10 * SECOND);
    expect(table.points()).toEqual([{ labels: {}, value: 7 }]);
  });

  it("has no start that is known when its start is later than its reading", () => {
    const table = new Table();
    const stream = counter(table, "cumulative");
    stream.number(500, START, START + WINDOW);
    stream.number(503, START + 10 * SECOND, START + 2 * WINDOW);
    expect(table.points()).toEqual([{ labels: {}, value: 3, before: 500 }]);
  });

  it("gives what it has grown by since the last collection, once", () => {
    const table = new Table();
    const stream = counter(table, "cumulative");
    stream.number(500, START, BEFORE_US);
    table.collect();
    stream.number(510, START + 10 * SECOND, BEFORE_US);
    stream.number(512, START + 20 * SECOND, BEFORE_US);
    expect(table.points()).toEqual([{ labels: {}, value: 12 }]);
    expect(table.points()).toEqual([]);
  });

  it.each([
    ["with a later start", START + 15 * SECOND],
    ["without a start, by its fall", Number.NaN],
  ])("counts from 0 after a restart %s", (_, startAt) => {
    const table = new Table();
    const stream = counter(table, "cumulative");
    stream.number(500, START, Number.isNaN(startAt) ? Number.NaN : BEFORE_US);
    table.collect();
    stream.number(3, START + 20 * SECOND, startAt);
    expect(table.points()).toEqual([{ labels: {}, value: 3 }]);
  });

  it("counts a restart that has overtaken the old total already", () => {
    const table = new Table();
    const stream = counter(table, "cumulative");
    stream.number(5, START, BEFORE_US);
    table.collect();
    stream.number(8, START + 20 * SECOND, START + 10 * SECOND);
    expect(table.points()).toEqual([{ labels: {}, value: 8 }]);
  });

  it("is in no rate with what it has grown by over a long silence", () => {
    const table = new Table();
    const stream = counter(table, "cumulative");
    stream.number(500, START, BEFORE_US);
    table.collect();
    table.now += 2 * WINDOW;
    stream.number(900, START + 2 * WINDOW, BEFORE_US);
    expect(table.points()).toEqual([{ labels: {}, value: 0, late: { count: 400, since: START } }]);
  });

  it("adds up to the total, whatever restarts come", () => {
    const readings = fc.array(
      fc.record({ grows: fc.integer({ min: 0, max: 9 }), restarts: fc.boolean(), collects: fc.boolean() }),
    );
    fc.assert(
      fc.property(readings, (steps) => {
        const table = new Table();
        const stream = counter(table, "cumulative");
        stream.number(0, START, START);
        let [total, counted, startAt, at] = [0, 0, START, START];
        let taken = 0;
        const take = (): void => {
          for (const { value } of table.points()) taken += value as number;
        };
        for (const { grows, restarts, collects } of steps) {
          at += SECOND;
          table.now = at;
          if (restarts) [total, startAt] = [0, at - SECOND / 2];
          total += grows;
          counted += grows;
          stream.number(total, at, startAt);
          if (collects) take();
        }
        take();
        expect(taken).toBe(counted);
      }),
    );
  });
});

describe("a delta counter", () => {
  it("adds up what comes between two collections", () => {
    const table = new Table();
    const stream = counter(table, "delta");
    stream.number(2, START, START - SECOND);
    stream.number(3, START + SECOND, START);
    expect(table.points()).toEqual([{ labels: {}, value: 5 }]);
    expect(table.points()).toEqual([]);
  });

  it("leaves out what would make its sum no number", () => {
    const table = new Table();
    const stream = table.stream({ header: { kind: "counter", temporality: "delta" } });
    for (const value of [3, Number.MAX_VALUE, Number.MAX_VALUE]) {
      table.now += 1;
      stream.number(value, table.now, Number.NaN);
    }
    expect(table.points()).toMatchObject([{ value: Number.MAX_VALUE }]);
    expect(table.dropped).toEqual(["not_finite"]);
  });

  it("leaves out a point that comes again or too late", () => {
    const table = new Table();
    const stream = counter(table, "delta");
    stream.number(2, START, START - SECOND);
    stream.number(2, START, START - SECOND);
    stream.number(9, START - 5 * SECOND, START - 6 * SECOND);
    expect(table.points()).toEqual([{ labels: {}, value: 2 }]);
    expect(table.dropped).toEqual(["late", "late"]);
  });
});

describe("any counter", () => {
  it.each([
    [Number.NaN, "not_finite"],
    [Number.POSITIVE_INFINITY, "not_finite"],
    [-1, "negative"],
  ])("leaves out %s and says why", (value, reason) => {
    const table = new Table();
    counter(table, "delta").number(value, START, Number.NaN);
    expect(table.points()).toEqual([]);
    expect(table.dropped).toEqual([reason]);
  });

  it("leaves out a point from the future, and takes the next one", () => {
    const table = new Table();
    const stream = counter(table, "delta");
    stream.number(1, START + 3_600_000, Number.NaN);
    stream.number(2, START + SECOND, Number.NaN);
    expect(table.points()).toEqual([{ labels: {}, value: 2 }]);
    expect(table.dropped).toEqual(["too_far_ahead"]);
  });

  it("takes no histogram", () => {
    const table = new Table();
    const { histogram } = EXPLICIT;
    counter(table, "delta").histogram(histogram, START, START);
    expect(table.dropped).toEqual(["wrong_kind"]);
  });
});

const EXPLICIT = {
  histogram: { kind: "explicit", count: 1, sum: 1, boundaries: [1], counts: [1, 0] },
} as const;
