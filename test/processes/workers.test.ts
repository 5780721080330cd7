import { ValueType } from "@opentelemetry/api";
import { AggregationTemporality, DataPointType, type ScopeMetrics } from "@opentelemetry/sdk-metrics";
import { expect, it } from "vitest";
import type { MeasuredMetric } from "../../src/core/measured-metric.ts";
import { readState, Workers } from "../../src/processes/workers.ts";

function orders(value: number): ScopeMetrics[] {
  const descriptor = { name: "orders", unit: "", description: "", valueType: ValueType.INT };
  const dataPoints = [{ attributes: {}, value, startTime: [0, 0], endTime: [1, 0] }] as never;
  return [
    {
      scope: { name: "shop" },
      metrics: [
        {
          descriptor,
          dataPointType: DataPointType.SUM,
          isMonotonic: true,
          aggregationTemporality: AggregationTemporality.CUMULATIVE,
          dataPoints,
        },
      ],
    },
  ];
}

function level(value: number): MeasuredMetric {
  const base = { scope: "shop", name: "pool", unit: "", description: "" };
  return { ...base, kind: "level", points: [{ labels: {}, value }] };
}

function increment(value: number): MeasuredMetric {
  const base = { scope: "shop", name: "orders", unit: "", description: "" };
  return { ...base, kind: "increment", points: [{ labels: {}, value }] };
}

function reportOf(id: string, value: number, measured: readonly MeasuredMetric[] = []) {
  return { id, shown: orders(value), measured };
}

function totalOf(workers: Workers, own = 0): unknown {
  return workers.sumWith(orders(own))?.[0]?.metrics[0]?.dataPoints[0]?.value;
}

it("adds nothing while there are none", () => {
  expect(new Workers().sumWith(orders(1))).toBeUndefined();
});

it("counts a worker as it reported last", () => {
  const workers = new Workers();
  workers.take("line 1", reportOf("a", 2));
  workers.take("line 2", reportOf("b", 3));
  workers.take("line 1", reportOf("a", 5));
  expect(totalOf(workers, 10)).toBe(18);
});

it("counts one that is back by another line once", () => {
  const workers = new Workers();
  workers.take("line 1", reportOf("a", 2));
  workers.remove("line 1");
  expect(totalOf(workers)).toBe(2);
  workers.take("line 2", reportOf("a", 3));
  expect(totalOf(workers)).toBe(3);
});

it("keeps the totals of a thousand that have ended, and the labels of none", () => {
  const workers = new Workers();
  for (let worker = 0; worker < 1000; worker += 1) {
    workers.take(`line ${worker}`, reportOf(`${worker}`, 2));
    workers.remove(`line ${worker}`);
  }
  expect(totalOf(workers, 1)).toBe(2001);
  expect(workers.stateFor(1, { id: "self", shown: [] }).workers.length).toBeLessThan(100);
});

it("gives the number of one that has ended to the next, and another to one that is back", () => {
  const workers = new Workers();
  workers.isWorker("own");
  const numbers = () =>
    workers
      .takeMeasured([level(0)])
      .map((metric) => (metric.kind === "level" ? metric.points[0]?.labels.worker : ""));
  for (const id of ["a", "b"]) workers.take(`line of ${id}`, reportOf(id, 0, [level(1)]));
  expect(numbers()).toEqual(["1", "2", "3"]);
  workers.remove("line of a");
  workers.take("line of c", reportOf("c", 0, [level(1)]));
  workers.take("line of a again", reportOf("a", 0, [level(1)]));
  expect(numbers()).toEqual(["1", "2", "4"]);
});

it("hands on what is to be forecast once", () => {
  const workers = new Workers();
  workers.take("line", reportOf("a", 2, [increment(2)]));
  workers.take("line", reportOf("a", 3, [increment(1)]));
  expect(workers.takeMeasured([increment(7)])).toEqual([increment(7), increment(2), increment(1)]);
  expect(workers.takeMeasured([])).toEqual([]);
});

it("lets the one that has been there longest go on with the totals and its own number", () => {
  const first = new Workers();
  first.isWorker("first");
  first.take("line 1", reportOf("a", 2));
  first.take("line 2", reportOf("b", 3));
  first.take("line 3", reportOf("c", 4));
  first.remove("line 1");
  expect(first.heir).toEqual({ line: "line 2", number: 3 });
  const told = JSON.stringify(first.stateFor(3, { id: "first", shown: orders(10) }));

  const second = new Workers();
  const state = readState(told);
  if (state === undefined) throw new Error("no state");
  second.isWorker("b", state.number);
  second.goOnFrom(state);
  expect(totalOf(second, 5)).toBe(2 + 5 + 4 + 10);
  second.take("line 1", reportOf("c", 6));
  expect(totalOf(second, 5)).toBe(2 + 5 + 6 + 10);
  expect(second.takeMeasured([level(1)])).toEqual([
    { ...level(1), points: [{ labels: { worker: "3" }, value: 1 }] },
  ]);
});

it("goes on with what another was told that was to go on and came later", () => {
  const first = new Workers();
  first.isWorker("first");
  first.take("line 1", reportOf("heir", 2));
  first.take("line 2", reportOf("quicker", 3));
  const will = JSON.stringify(first.stateFor(2, { id: "first", shown: orders(10) }));

  const quicker = new Workers();
  quicker.isWorker("quicker");
  quicker.take("line 3", reportOf("another", 1));
  expect(totalOf(quicker, 4)).toBe(1 + 4);
  quicker.take("line 1", { ...reportOf("heir", 6), will });
  expect(totalOf(quicker, 4)).toBe(1 + 4 + 6 + 10);
  quicker.take("line 1", { ...reportOf("heir", 6), will });
  expect(totalOf(quicker, 4)).toBe(1 + 4 + 6 + 10);
});

it.for([
  "",
  "{}",
  "null",
  '{"id":"a","number":1,"ended":[],"workers":[{}]}',
  '{"id":"a","number":1,"ended":[1],"workers":[]}',
])("goes on from nothing that is no state: %s", (line) => {
  expect(readState(line)).toBeUndefined();
});
