import { describe, expect, it } from "vitest";
import { START, Table } from "./harness.ts";

const MINUTE = 60_000;

describe("a gauge", () => {
  it("is its newest value, at every collection", () => {
    const table = new Table();
    const stream = table.stream({ attributes: { queue: "a" } });
    stream.number(3, START, Number.NaN);
    stream.number(4, START + 1000, Number.NaN);
    expect(table.points()).toEqual([{ labels: { queue: "a" }, value: 4 }]);
    expect(table.points()).toEqual([{ labels: { queue: "a" }, value: 4 }]);
  });

  it("is not there five minutes after its last value", () => {
    const table = new Table();
    table.stream({}).number(3, START, Number.NaN);
    table.now += 4 * MINUTE;
    expect(table.points()).toHaveLength(1);
    table.now += 2 * MINUTE;
    expect(table.points()).toEqual([]);
  });

  it("ends when its sender says so, and may begin again", () => {
    const table = new Table();
    const stream = table.stream({});
    stream.number(3, START, Number.NaN);
    stream.end(START + 1000);
    expect(table.points()).toEqual([]);
    stream.number(5, START + 2000, Number.NaN);
    expect(table.points()).toEqual([{ labels: {}, value: 5 }]);
  });

  it("goes on at once after the clock of this machine was set back, and ends too", () => {
    const table = new Table();
    const stream = table.stream({});
    stream.number(3, table.now, Number.NaN);
    table.now -= 60 * MINUTE;
    stream.number(4, table.now, Number.NaN);
    expect(table.points()).toEqual([{ labels: {}, value: 4 }]);
    stream.number(9, table.now, Number.NaN);
    expect(table.dropped).toEqual(["late"]);
    table.now += 60 * MINUTE;
    stream.number(5, table.now, Number.NaN);
    table.now -= 60 * MINUTE;
    stream.end(table.now);
    expect(table.points()).toEqual([]);
  });
});

describe("an up-down counter", () => {
  it("that tells its changes is their sum", () => {
    const table = new Table();
    const stream = table.stream({ header: { kind: "up-down-counter", temporality: "delta" } });
    stream.number(3, START, Number.NaN);
    stream.number(-1, START + 1000, Number.NaN);
    expect(table.points()).toEqual([{ labels: {}, value: 2 }]);
  });

  it("that tells its changes leaves out what would make their sum no number", () => {
    const table = new Table();
    const stream = table.stream({ header: { kind: "up-down-counter", temporality: "delta" } });
    for (const [index, change] of [Number.MAX_VALUE, Number.MAX_VALUE, -1e308].entries())
      stream.number(change, START + index, Number.NaN);
    expect(table.points()).toEqual([{ labels: {}, value: Number.MAX_VALUE - 1e308 }]);
    expect(table.dropped).toEqual(["not_finite"]);
  });

  it("that tells its level is that level", () => {
    const table = new Table();
    const stream = table.stream({ header: { kind: "up-down-counter" } });
    stream.number(3, START, Number.NaN);
    stream.number(2, START + 1000, Number.NaN);
    expect(table.points()).toEqual([{ labels: {}, value: 2 }]);
  });
});
