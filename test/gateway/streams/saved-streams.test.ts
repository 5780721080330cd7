import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HistogramPoint } from "../../../src/core/metric-point.ts";
import type { MetricHeader } from "../../../src/core/point-intake.ts";
import { START, Table, WINDOW } from "./harness.ts";

/** A table that goes on where another one was, as after a restart. */
function restarted(table: Table): Table {
  const next = new Table();
  next.now = table.now;
  for (const { data } of table.streams.records()) expect(next.streams.restore(data())).toBe(true);
  return next;
}

function explicit(count: number): HistogramPoint {
  return { kind: "explicit", count, sum: count, boundaries: [1], counts: [count, 0] };
}

describe("streams that are saved and restored", () => {
  it("go on from the last total: what was counted meanwhile is not lost", () => {
    const header = { kind: "counter" } as const;
    const before = new Table();
    before.stream({ header }).number(1000, START, Number.NaN);
    before.collect();
    const after = restarted(before);
    after.now += 10_000;
    after.stream({ header }).number(1007, START + 10_000, Number.NaN);
    expect(after.points()).toEqual([{ labels: {}, value: 7 }]);
  });

  it("count what had not been collected, once", () => {
    const header = { kind: "counter", temporality: "delta" } as const;
    const before = new Table();
    before.stream({ header }).number(5, START, Number.NaN);
    const after = restarted(before);
    after.stream({ header }).number(5, START, Number.NaN);
    expect(after.dropped).toEqual(["late"]);
    expect(after.points()).toEqual([{ labels: {}, value: 5 }]);
  });

  it("have the last histogram of each sender", () => {
    const header = { kind: "histogram" } as const;
    const before = new Table();
    before.stream({ header }).histogram(explicit(10), START, Number.NaN);
    before.collect();
    const after = restarted(before);
    after.now += 10_000;
    after.stream({ header }).histogram(explicit(13), START + 10_000, Number.NaN);
    expect(after.points()).toMatchObject([{ value: { count: 3, sum: 3, counts: [3, 0] } }]);
  });

  it.each(["cumulative", "delta"] as const)(
    "of %s temporality that count nothing go on at once",
    (temporality) => {
      const counter = { kind: "counter", temporality } as const;
      const histogram = { kind: "histogram", temporality } as const;
      const before = new Table();
      before.stream({ header: counter }).number(5, START, START);
      before.stream({ header: histogram }).histogram(explicit(3), START, START);
      before.collect();
      const after = restarted(before);
      after.now += 10_000;
      const [counted, recorded] = after.collect();
      expect(counted?.points).toMatchObject([{ value: 0 }]);
      expect(recorded?.points).toMatchObject([{ value: { count: 0 } }]);
      expect(after.collect()).toEqual([]);
    },
  );

  it("of a sender that was silent for longer than a window go on when it is heard again", () => {
    const header = { kind: "counter", temporality: "delta" } as const;
    const before = new Table();
    before.stream({ header }).number(5, START, START);
    before.collect();
    before.now += WINDOW + 1;
    const after = restarted(before);
    expect(after.collect()).toEqual([]);
    after.stream({ header }).number(0, after.now, START);
    expect(after.points()).toMatchObject([{ value: 0 }]);
  });

  it("have the level of a gauge, and of an up-down counter that sends changes", () => {
    for (const header of [{}, { kind: "up-down-counter", temporality: "delta" }] as Partial<MetricHeader>[]) {
      const before = new Table();
      before.stream({ header }).number(4, START, Number.NaN);
      expect(restarted(before).points()).toEqual([{ labels: {}, value: 4 }]);
    }
  });

  it("are told apart by their tenants", () => {
    const before = new Table();
    before.stream({ tenant: "a" }).number(1, START, Number.NaN);
    before.stream({ tenant: "b" }).number(2, START, Number.NaN);
    expect(restarted(before).points()).toEqual([
      { labels: { tenant: "a" }, value: 1 },
      { labels: { tenant: "b" }, value: 2 },
    ]);
  });

  it("are not restored with a histogram whose buckets can't be", () => {
    const side = { offset: 0, bucketCounts: [1] };
    const sound = {
      kind: "exponential",
      count: 2,
      sum: 2,
      scale: 0,
      zeroCount: 0,
      positive: side,
      negative: side,
    };
    const table = new Table();
    table.stream({ header: { kind: "histogram" } }).histogram(sound as HistogramPoint, START, Number.NaN);
    const [data] = Array.from(table.streams.records(), (record) => record.data());
    const restored = (last: unknown) => {
      const { state, ...saved } = data as { state: object };
      return new Table().streams.restore({ ...saved, state: { ...state, last } });
    };
    expect(restored(sound)).toBe(true);
    expect(restored({ ...sound, positive: { ...side, offset: 1e308 } })).toBe(false);
    expect(restored({ ...sound, scale: -12 })).toBe(false);
    expect(restored({ ...sound, positive: { offset: 2 ** 30, bucketCounts: [-1] } })).toBe(false);
    expect(restored({ ...sound, negative: { offset: 2 ** 30, bucketCounts: [Number.NaN] } })).toBe(false);
  });

  it("are left alone by a state that is none", () => {
    const { streams } = new Table();
    for (const saved of [undefined, 1, {}, { header: {}, id: "", labels: {}, source: {}, state: {} }])
      expect(streams.restore(saved)).toBe(false);
  });

  it("count the same with restarts as without", () => {
    const increments = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), { maxLength: 30 });
    fc.assert(
      fc.property(increments, fc.constantFrom("delta", "cumulative"), (steps, temporality) => {
        const header = { kind: "counter", temporality } as const;
        let table = new Table();
        let total = 0;
        let counted = 0;
        for (const [increment, isRestarted] of [[0, false] as const, ...steps]) {
          table.now += 1000;
          total += increment;
          const value = temporality === "delta" ? increment : total;
          table.stream({ header }).number(value, table.now, START);
          if (isRestarted) table = restarted(table);
          for (const point of table.points()) counted += point.value as number;
        }
        expect(counted).toBe(total);
      }),
    );
  });
});

describe("streams of partitions", () => {
  const found: string[] = [];
  const partition = (number: number) => ({
    number,
    startedAt: START,
    found: (labels: Readonly<Record<string, string>>) => found.push(`${labels.job}@${number}`),
  });

  function send(table: Table, number: number, job: string, value: number): void {
    table.streams
      .intakeFrom(partition(number))
      .resource(job, () => ({ "service.name": job }))
      .metric("m", () => ({
        scope: "",
        name: "m",
        unit: "",
        description: "",
        kind: "gauge",
        temporality: "cumulative",
      }))
      .stream("", () => ({}))
      ?.number(value, START, Number.NaN);
  }

  it("are told when they are new, saved with their partition, and forgotten with it", () => {
    const table = new Table();
    send(table, 1, "a", 1);
    send(table, 2, "b", 2);
    send(table, 2, "b", 3);
    expect(found).toEqual(["a@1", "b@2"]);
    expect(Array.from(table.streams.records(), (record) => record.partition)).toEqual([1, 2]);
    table.streams.forgetPartition(2);
    expect(table.points()).toEqual([{ labels: { job: "a" }, value: 1 }]);
    // It begins anew if the partition comes back.
    send(table, 2, "b", 4);
    expect(table.points()).toEqual([
      { labels: { job: "a" }, value: 1 },
      { labels: { job: "b" }, value: 4 },
    ]);
  });

  it("are never those of another member by hash", () => {
    const table = new Table({ owns: () => false });
    send(table, 1, "a", 1);
    expect(table.dropped).toEqual([]);
    expect(table.points()).toEqual([{ labels: { job: "a" }, value: 1 }]);
  });

  it("share the limit of a tenant", () => {
    const table = new Table({ maxStreams: 1 });
    send(table, 1, "a", 1);
    send(table, 2, "b", 1);
    expect(table.dropped).toEqual(["too_many_streams"]);
  });
});
