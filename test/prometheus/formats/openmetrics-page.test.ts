import { resourceFromAttributes } from "@opentelemetry/resources";
import { expect, it } from "vitest";
import { EXEMPLAR } from "../../../src/core/exemplar.ts";
import type { DroppedPoints } from "../../../src/prometheus/metric-families.ts";
import { MetricsSerializer } from "../../../src/prometheus/serialize.ts";
import { gauge, type MetricSpec, resourceMetrics } from "../metric-data.ts";

const histogramValue = { buckets: { boundaries: [0.5, 1e6], counts: [1, 2, 3] }, count: 6, sum: 7.5 };

async function written(...specs: MetricSpec[]): Promise<{ lines: string[]; dropped: DroppedPoints[] }> {
  const dropped: DroppedPoints[] = [];
  const serializer = new MetricsSerializer((what) => dropped.push(what));
  const resource = resourceFromAttributes({ "service.name": "shop" });
  const pieces = await serializer.serialize([resourceMetrics({ app: specs })], resource, "openmetrics");
  return { lines: Buffer.concat(pieces).toString().split("\n"), dropped };
}

it("names counters without their ending, writes bounds as numbers with a point, and says where it ends", async () => {
  const { lines, dropped } = await written(
    { name: "a.level", description: 'A "level"\\.', points: [[{ agent: 'x"' }, 1]] },
    { name: "a.count", kind: "counter", description: "A count.", points: [[{}, 3]] },
    {
      name: "a.time",
      kind: "histogram",
      unit: "s",
      description: "Time.",
      points: [[{ b: "y" }, histogramValue]],
    },
  );
  expect(dropped).toEqual([]);
  expect(lines).toEqual([
    "# HELP target Target metadata",
    "# TYPE target info",
    'target_info{service_name="shop"} 1',
    '# HELP a_level A \\"level\\"\\\\.',
    "# TYPE a_level gauge",
    'a_level{agent="x\\""} 1',
    "# HELP a_count A count.",
    "# TYPE a_count counter",
    "a_count_total 3",
    "# HELP a_time_seconds Time.",
    "# TYPE a_time_seconds histogram",
    'a_time_seconds_bucket{b="y",le="0.5"} 1',
    'a_time_seconds_bucket{b="y",le="1e+06"} 3',
    'a_time_seconds_bucket{b="y",le="+Inf"} 6',
    'a_time_seconds_sum{b="y"} 7.5',
    'a_time_seconds_count{b="y"} 6',
    "# EOF",
    "",
  ]);
});

it("shows a counter whose family is another metric as one of unknown type", async () => {
  const { lines } = await written(
    { name: "jobs", kind: "counter", points: [[{}, 3]] },
    gauge("jobs", [{}, 1]),
  );
  expect(lines).toContain("# TYPE jobs_total unknown");
  expect(lines).toContain("jobs_total 3");
  expect(lines).toContain("# TYPE jobs gauge");
});

it("leaves out and reports counters that are negative or no number", async () => {
  const points = [-1, Number.NaN, 2].map((value, index) => [{ index }, value] as const);
  const { lines, dropped } = await written({ name: "jobs", kind: "counter", points });
  expect(lines.filter((line) => line.startsWith("jobs"))).toEqual(['jobs_total{index="2"} 2']);
  expect(dropped).toEqual([{ metric: "jobs_total", reason: "invalid-value", points: 2 }]);
});

it("leaves out the sum and the count of a histogram whose values may be negative", async () => {
  const value = { buckets: { boundaries: [-1, 0], counts: [1, 0, 0] }, count: 1, sum: -3 };
  const { lines } = await written({ name: "change", kind: "histogram", points: [[{}, value]] });
  expect(lines.filter((line) => line.startsWith("change"))).toEqual([
    'change_bucket{le="-1.0"} 1',
    'change_bucket{le="0.0"} 1',
    'change_bucket{le="+Inf"} 1',
  ]);
});

it.each([
  [0.5, "0.5", 1],
  [0.6, "1e+06", 3],
  [2e6, "+Inf", 6],
])("has the exemplar %d of a histogram behind the bucket that holds it", async (value, bound, count) => {
  const exemplar = { traceId: "a1", spanId: "b2", value, at: 1_700_000_000_250 };
  const marked = Object.defineProperty({ ...histogramValue }, EXEMPLAR, { value: exemplar });
  const { lines } = await written({ name: "a.time", kind: "histogram", points: [[{}, marked]] });
  const shown = lines.filter((line) => line.includes(" # "));
  expect(shown).toEqual([
    `a_time_bucket{le="${bound}"} ${count} # {trace_id="a1",span_id="b2"} ${value} 1700000000.250`,
  ]);
});

it("has the exemplar of a counter, unless it lost its type, and none of a gauge", async () => {
  const exemplar = { traceId: "a1", spanId: "b2", value: 1, at: 1_700_000_000_250 };
  const { lines } = await written(
    { name: "tasks", kind: "counter", points: [[{ a: "b" }, 3]], exemplar },
    { name: "jobs", kind: "counter", points: [[{}, 4]], exemplar },
    { name: "jobs", points: [[{}, 5]], exemplar },
  );
  expect(lines.filter((line) => /^(tasks|jobs)/.test(line))).toEqual([
    'tasks_total{a="b"} 3 # {trace_id="a1",span_id="b2"} 1 1700000000.250',
    "jobs_total 4",
    "jobs 5",
  ]);
});
