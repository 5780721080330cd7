import type { DataPoint } from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ForecastProducer } from "../../src/otel/forecast-producer.ts";
import { LatePoints } from "../../src/otel/late-points.ts";
import type { PublishedMetric } from "../../src/otel/published-metric.ts";

const metric = (name: string): PublishedMetric => ({ name, unit: "s", description: "", type: "gauge" });

function pointOf(value: number): DataPoint<number> {
  return { attributes: { value }, startTime: [0, 0], endTime: [1, 0], value };
}

test("late points are those that an array would hold, in every order of reading", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer()), { maxLength: 4 }),
      fc.array(fc.nat(12)),
      (parts, indices) => {
        const arrays = parts.map((part) => part.map(pointOf));
        const all = arrays.flat();
        const late = new LatePoints(arrays);
        expect(late.length).toBe(all.length);
        for (const index of indices) expect(late.at(index)).toBe(all[index]);
      },
    ),
  );
});

test("who reads labels late gets the points that others get, of all rows and of single series", async () => {
  const producer = new ForecastProducer(() => 7000);
  producer.series(metric("shared"), { of: "single" }).put(-1);
  for (const name of ["a", "b"]) {
    const rows = producer.rows([metric(name), metric("shared")]);
    for (let number = 0; number < 5; number += 1) {
      const row = rows.add({
        labelsOf: (column) => ({ name, number: `${number}`, column: `${column}` }),
        labelSetOf: (column) => column,
      });
      rows.put(row, 1, number);
      if (number % 2 === 0) rows.put(row, 0, 10 + number);
    }
  }
  const early = await producer.collect();
  const late = await producer.collect({ hasLateLabels: true });
  const read = ({ resourceMetrics }: typeof early) =>
    resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        Array.from({ length: dataPoints.length }, (_, index) => {
          const { attributes, startTime, endTime, value } = dataPoints.at(index) as DataPoint<number>;
          return { attributes, startTime, endTime, value };
        }),
      ]),
    );
  expect(read(early).map(([name]) => name)).toEqual(["shared", "a", "b"]);
  expect(read(late)).toEqual(read(early));
  expect(read(early)[0]?.[1]).toHaveLength(11);
});
