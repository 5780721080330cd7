import { type Attributes, ValueType } from "@opentelemetry/api";
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ScopeMetrics,
} from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import { sumOfWorkers, withWorker } from "../../src/processes/sum-of-workers.ts";

type Points = readonly (readonly [Attributes, unknown])[];
type Kind = "counter" | "up-down-counter" | "gauge" | "histogram";

const TYPES = {
  counter: { dataPointType: DataPointType.SUM, isMonotonic: true },
  "up-down-counter": { dataPointType: DataPointType.SUM, isMonotonic: false },
  gauge: { dataPointType: DataPointType.GAUGE },
  histogram: { dataPointType: DataPointType.HISTOGRAM },
} as const;

function metric(kind: Kind, name: string, points: Points): MetricData {
  return {
    ...TYPES[kind],
    descriptor: { name, unit: "", description: "", valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: points.map(([attributes, value]) => ({
      attributes,
      value,
      startTime: [0, 0],
      endTime: [1, 0],
    })),
  } as MetricData;
}

function shown(...metrics: MetricData[]): ScopeMetrics[] {
  return [{ scope: { name: "shop" }, metrics }];
}

function pointsOf(sum: readonly ScopeMetrics[], name: string): Points {
  return sum
    .flatMap(({ metrics }) => metrics)
    .filter(({ descriptor }) => descriptor.name === name)
    .flatMap(({ dataPoints }) => dataPoints.map(({ attributes, value }) => [attributes, value] as const));
}

const histogram = (boundaries: number[], counts: number[], sum: number, more: object = {}) => ({
  buckets: { boundaries, counts },
  count: counts.reduce((one, other) => one + other, 0),
  sum,
  ...more,
});

describe("the sum of what workers show", () => {
  it("began when the first of its parts did", () => {
    const begun = (startTime: unknown, kind: "counter" | "histogram"): ScopeMetrics[] => {
      const made = metric(kind, "orders", [[{}, kind === "counter" ? 2 : histogram([1], [1, 1], 3)]]);
      for (const point of made.dataPoints) Object.assign(point, { startTime });
      return shown(made);
    };
    const startOf = (kind: "counter" | "histogram", ...starts: unknown[]): unknown =>
      sumOfWorkers(starts.map((start) => ({ shown: begun(start, kind) })))[0]?.metrics[0]?.dataPoints[0]
        ?.startTime;
    for (const kind of ["counter", "histogram"] as const) {
      expect(startOf(kind, [9, 0], [7, 5], [8, 0])).toEqual([7, 5]);
      expect(startOf(kind, [9, 2], [9, 1])).toEqual([9, 1]);
      expect(startOf(kind, [9, 0], undefined)).toEqual([9, 0]);
      expect(startOf(kind, "9", [8, 0])).toEqual("9");
      expect(startOf(kind, [9, 1], [9, 2])).toEqual([9, 1]);
      expect(startOf(kind, [9, 1], [10, 0])).toEqual([9, 1]);
    }
  });

  it("adds up counters with the same labels, in any order", () => {
    const sum = sumOfWorkers([
      {
        shown: shown(
          metric("counter", "orders", [
            [{ a: "x", b: "y" }, 2],
            [{ a: "z" }, 1],
          ]),
        ),
        number: 1,
      },
      { shown: shown(metric("counter", "orders", [[{ b: "y", a: "x" }, 3]])), number: 2 },
    ]);
    expect(pointsOf(sum, "orders")).toEqual([
      [{ a: "x", b: "y" }, 5],
      [{ a: "z" }, 1],
    ]);
  });

  it.each([
    [null, 3],
    [3, null],
  ])("adds up %s and %s: JSON has no infinity, so that a total is null", (one, other) => {
    const orders = (value: unknown) => shown(metric("counter", "orders", [[{}, value]]));
    const sum = sumOfWorkers([
      { shown: orders(one), number: 1 },
      { shown: orders(other), number: 2 },
      { shown: shown(metric("counter", "other", [[{}, 1]])), number: 2 },
    ]);
    expect(pointsOf(sum, "orders")).toEqual([[{}, Number.NaN]]);
    expect(pointsOf(sum, "other")).toEqual([[{}, 1]]);
  });

  it.each(["gauge", "up-down-counter"] as const)("labels a %s with its worker", (kind) => {
    const sum = sumOfWorkers([
      { shown: shown(metric(kind, "pool", [[{}, 2]])), number: 1 },
      { shown: shown(metric(kind, "pool", [[{}, 3]])), number: 2 },
    ]);
    expect(pointsOf(sum, "pool")).toEqual([
      [{ worker: "1" }, 2],
      [{ worker: "2" }, 3],
    ]);
  });

  it("does not label the levels of a process that is no worker", () => {
    const sum = sumOfWorkers([
      { shown: shown(metric("gauge", "pool", [[{}, 2]])) },
      { shown: shown(metric("gauge", "pool", [[{}, 3]])), number: 1 },
    ]);
    expect(pointsOf(sum, "pool").map(([labels]) => labels)).toEqual([{}, { worker: "1" }]);
  });

  it("adds up histograms with the same buckets, with the minimum and maximum of both", () => {
    const sum = sumOfWorkers([
      {
        shown: shown(
          metric("histogram", "wait", [[{}, histogram([1, 2], [1, 2, 3], 10, { min: 0.5, max: 4 })]]),
        ),
      },
      {
        shown: shown(
          metric("histogram", "wait", [[{}, histogram([1, 2], [4, 0, 1], 5, { min: 0.1, max: 3 })]]),
        ),
      },
    ]);
    expect(pointsOf(sum, "wait")).toEqual([[{}, histogram([1, 2], [5, 2, 4], 15, { min: 0.1, max: 4 })]]);
  });

  it("labels histograms with different buckets", () => {
    const sum = sumOfWorkers([
      { shown: shown(metric("histogram", "wait", [[{}, histogram([1], [1, 2], 3)]])), number: 1 },
      { shown: shown(metric("histogram", "wait", [[{}, histogram([9], [4, 0], 4)]])), number: 2 },
    ]);
    expect(pointsOf(sum, "wait").map(([labels]) => labels)).toEqual([{}, { worker: "2" }]);
  });

  it("keeps the totals of a worker that has ended, and none of its levels", () => {
    const ended = shown(metric("counter", "orders", [[{}, 4]]), metric("gauge", "pool", [[{}, 2]]));
    const sum = sumOfWorkers([
      { shown: shown(metric("counter", "orders", [[{}, 1]])), number: 1 },
      { shown: ended, number: 2, hasEnded: true },
    ]);
    expect(pointsOf(sum, "orders")).toEqual([[{}, 5]]);
    expect(pointsOf(sum, "pool")).toEqual([]);
  });

  it("keeps metrics apart that have the same name, but another type or scope", () => {
    const sum = sumOfWorkers([
      { shown: shown(metric("counter", "x", [[{}, 1]])) },
      { shown: shown(metric("gauge", "x", [[{}, 2]])), number: 2 },
      { shown: [{ scope: { name: "other" }, metrics: [metric("counter", "x", [[{}, 4]])] }] },
    ]);
    expect(pointsOf(sum, "x").map(([, value]) => value)).toEqual([1, 2, 4]);
    expect(sum.map(({ scope }) => scope.name)).toEqual(["shop", "other"]);
  });

  it("keeps metrics apart of which only the unit, the kind of a sum, or the version of the scope differs", () => {
    const counted = metric("counter", "x", [[{}, 1]]);
    const inBytes = { ...counted, descriptor: { ...counted.descriptor, unit: "By" } };
    const later = [{ scope: { name: "shop", version: "2" }, metrics: [counted] }];
    const sum = sumOfWorkers([
      { shown: shown(counted, inBytes) },
      { shown: shown(metric("up-down-counter", "x", [[{}, 4]])), number: 2 },
      { shown: later, number: 3 },
      { shown: shown(counted, inBytes), number: 4 },
    ]);
    expect(pointsOf(sum, "x")).toEqual([
      [{}, 2],
      [{}, 2],
      [{ worker: "2" }, 4],
      [{}, 1],
    ]);
    expect(sum.map(({ scope }) => scope)).toEqual([{ name: "shop" }, { name: "shop", version: "2" }]);
  });

  it("says nothing of a metric that only ended workers have as a level", () => {
    expect(sumOfWorkers([{ shown: shown(metric("gauge", "pool", [[{}, 2]])), hasEnded: true }])).toEqual([]);
  });

  it.each([
    [{}, {}, {}],
    [{ min: 1 }, {}, { min: 1 }],
    [{}, { min: 1, max: 4 }, { min: 1, max: 4 }],
    [
      { min: 1, max: null },
      { min: 2, max: 5 },
      { min: 1, max: 5 },
    ],
    [
      { min: 0, max: 0 },
      { min: 2, max: -1 },
      { min: 0, max: 0 },
    ],
  ])("of histograms with the limits %j and %j has %j", (one, other, limits) => {
    const wait = (more: object) =>
      shown(metric("histogram", "wait", [[{}, histogram([1], [1, 2], 3, more)]]));
    const sum = sumOfWorkers([{ shown: wait(one) }, { shown: wait(other), number: 2 }]);
    expect(pointsOf(sum, "wait")).toEqual([[{}, { ...one, ...histogram([1], [2, 4], 6, limits) }]]);
  });

  it("counts a histogram without a sum as 0 there", () => {
    const wait = (sum: number | undefined) =>
      shown(metric("histogram", "wait", [[{}, histogram([1], [1, 2], sum as number)]]));
    for (const [one, other] of [
      [undefined, 3],
      [3, undefined],
    ])
      expect(pointsOf(sumOfWorkers([{ shown: wait(one) }, { shown: wait(other) }]), "wait")).toEqual([
        [{}, histogram([1], [2, 4], 3)],
      ]);
  });

  it.each([
    [[1, 2], [1]],
    [[1], [1, 2]],
    [
      [1, 2],
      [1, 3],
    ],
  ])("does not add up histograms with the boundaries %j and %j", (one, other) => {
    const wait = (boundaries: number[]) =>
      shown(metric("histogram", "wait", [[{}, histogram(boundaries, [...boundaries, 1], 3)]]));
    const of = (hasEnded: boolean) =>
      sumOfWorkers([{ shown: wait(one) }, { shown: wait(other), number: 2, hasEnded }]);
    expect(pointsOf(of(false), "wait").map(([labels]) => labels)).toEqual([{}, { worker: "2" }]);
    expect(pointsOf(of(true), "wait").map(([labels]) => labels)).toEqual([{}]);
  });

  it("does not change what it is given", () => {
    const given = [shown(metric("histogram", "wait", [[{}, histogram([1], [1, 2], 3)]]))];
    const before = structuredClone(given);
    sumOfWorkers([
      { shown: given[0] as ScopeMetrics[] },
      { shown: structuredClone(given[0]) as ScopeMetrics[] },
    ]);
    expect(given).toEqual(before);
  });

  it("shows a level that JSON turned into null as NaN", () => {
    const [[, value]] = pointsOf(
      sumOfWorkers([{ shown: shown(metric("gauge", "pool", [[{}, null]])), number: 1 }]),
      "pool",
    ) as [[Attributes, unknown]];
    expect(value).toBeNaN();
  });
});

it("keeps a label of the application", () => {
  expect(withWorker({ worker: "mine" }, 2)).toEqual({ worker: "mine", worker_process: "2" });
});
