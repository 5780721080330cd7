import { expect, it } from "vitest";
import type { MeasuredMetric } from "../../src/core/measured-metric.ts";
import { OwnMeasurements } from "../../src/processes/own-measurements.ts";
import { WorkerTotals } from "../../src/processes/worker-totals.ts";
import { increment, orders, reportOf } from "./orders.ts";

function metric(name: string): MeasuredMetric {
  const base = { scope: "shop", name, unit: "", description: "" };
  return { ...base, kind: "level", points: [{ labels: {}, value: 1 }] };
}

const metrics = (count: number) => Array.from({ length: count }, (_, i) => metric(`m${i}`));

function own() {
  const dropped: number[] = [];
  const measurements = new OwnMeasurements({
    workers: new WorkerTotals(),
    shown: async () => [],
    onDropped: (count) => dropped.push(count),
  });
  return { measurements, dropped };
}

it("is forecast here while nobody takes the reports, and waits for no report then", async () => {
  const { measurements, dropped } = own();
  expect(measurements.share(metrics(2)).map(({ name }) => name)).toEqual(["m0", "m1"]);
  expect((await measurements.report()).measured).toEqual([]);
  expect(dropped).toEqual([]);
});

it("waits for the next report while another process forecasts it, once", async () => {
  const { measurements } = own();
  measurements.isReported = true;
  expect(measurements.share(metrics(2))).toEqual([]);
  expect(measurements.share([metric("later")])).toEqual([]);
  expect((await measurements.report()).measured.map(({ name }) => name)).toEqual(["m0", "m1", "later"]);
  expect((await measurements.report()).measured).toEqual([]);
});

it("keeps the latest 20,000 that wait, and counts those that it drops", async () => {
  const { measurements, dropped } = own();
  measurements.isReported = true;
  measurements.share(metrics(20_000));
  expect(dropped).toEqual([]);
  measurements.share([metric("a"), metric("b"), metric("c")]);
  expect(dropped).toEqual([3]);
  const { measured } = await measurements.report();
  expect(measured).toHaveLength(20_000);
  expect([measured[0]?.name, measured.at(-1)?.name]).toEqual(["m3", "c"]);
  measurements.share(metrics(20_001));
  expect(dropped).toEqual([3, 1]);
});

it("hands over once, with the next report", async () => {
  const { measurements } = own();
  measurements.handover = "to you";
  expect(await measurements.report()).toEqual({
    id: measurements.id,
    shown: [],
    measured: [],
    handover: "to you",
  });
  expect(await measurements.report()).not.toHaveProperty("handover");
});

it("takes back what nobody got: it is reported next, or forecast here", async () => {
  const { measurements } = own();
  measurements.isReported = true;
  measurements.handover = "to you";
  measurements.share(metrics(2));
  const report = await measurements.report();
  measurements.share([metric("later")]);
  measurements.takeBack(report);
  expect(measurements.handover).toBe("to you");
  measurements.isReported = false;
  expect(measurements.share([]).map(({ name }) => name)).toEqual(["m0", "m1", "later"]);
});

it("is reported with what workers of this process have reported, such as those of a cluster that PM2 runs several times", async () => {
  const workers = new WorkerTotals();
  const measurements = new OwnMeasurements({
    workers,
    shown: async () => orders(1),
    onDropped: () => {},
  });
  measurements.isReported = true;
  workers.take("child 1", reportOf("a", 10, [increment(10)]));
  expect(measurements.share([increment(1)])).toEqual([]);
  expect(workers.takeMeasured([])).toEqual([]);
  const { measured, shown } = await measurements.report();
  expect(measured).toEqual([increment(1), increment(10)]);
  expect(shown[0]?.metrics[0]?.dataPoints[0]?.value).toBe(11);
});

it("is reported without the workers that this process has shown before, since they report themselves", async () => {
  const workers = new WorkerTotals();
  const measurements = new OwnMeasurements({ workers, shown: async () => orders(1), onDropped: () => {} });
  workers.addSelf(measurements.id);
  workers.take("worker 1", reportOf("a", 10));
  measurements.isReported = true;
  expect((await measurements.report()).shown).toEqual(orders(1));
});
