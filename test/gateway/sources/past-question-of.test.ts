import { expect, it } from "vitest";
import type { MeasuredMetric } from "../../../src/core/measured-metric.ts";
import { pastQuestionOf } from "../../../src/gateway/sources/past-question-of.ts";
import type { ForecastView, ViewOutput } from "../../../src/views/forecast-view.ts";
import { resolveOutput } from "../../../src/views/resolved-output.ts";

const SOURCE = { queries: new Map([["load", "avg(node_load1)"]]), isForPushed: true, windowMillis: 300_000 };

function asked(
  metric: Partial<MeasuredMetric>,
  output: Partial<ViewOutput>,
  view: Partial<ForecastView> = {},
  source = SOURCE,
): string | undefined {
  const whole = { scope: "", name: "n", unit: "", description: "", kind: "level", points: [], ...metric };
  const spec = {
    name: "{instrument}",
    number: "level",
    isPublished: true,
    isForecast: true,
    ...output,
  } as const;
  const resolved = resolveOutput(
    { instruments: ["*"], by: "all", outputs: [spec], ...view },
    0,
    spec,
    whole as MeasuredMetric,
  );
  return pastQuestionOf(resolved, source)?.expression('pod="a"');
}

it("a series of a query is asked for by the query", () => {
  expect(asked({ name: "load" }, {})).toBe("avg(node_load1)");
});

it("a gauge that is pushed is asked for by its name in Prometheus", () => {
  expect(asked({ name: "queue.size", unit: "By" }, {})).toBe('queue_size_bytes{pod="a"}');
});

it("a rate is asked for as the rate of its counter, by the labels of the view", () => {
  const rate = { name: "{base}_per_second", unit: "", number: "rate" } as const;
  const counter = { name: "jobs", kind: "increment" } as const;
  expect(asked(counter, rate)).toBe('rate(jobs_total{pod="a"}[300000ms])');
  expect(asked(counter, rate, { by: ["queue"] })).toBe(
    'sum by (queue) (rate(jobs_total{pod="a"}[300000ms]))',
  );
});

it("a percentile is asked for as a quantile of its buckets", () => {
  const histogram = { name: "lat", unit: "s", kind: "histogram" } as const;
  expect(asked(histogram, { name: "{instrument}.p95", number: "quantile", quantile: 0.95 })).toBe(
    'histogram_quantile(0.95, rate(lat_seconds_bucket{pod="a"}[300000ms]))',
  );
  expect(asked(histogram, { name: "{instrument}.p50", number: "quantile" })).toBe(
    'histogram_quantile(0.5, rate(lat_seconds_bucket{pod="a"}[300000ms]))',
  );
});

it.each<[string, Partial<ViewOutput>, Partial<ForecastView>, typeof SOURCE]>([
  ["a sum over labels", {}, { by: ["queue"] }, SOURCE],
  ["a view with a filter", {}, { where: { pod: "a*" } }, SOURCE],
  ["a total of the day", { number: "today" }, {}, SOURCE],
  ["a series of another source", {}, {}, { ...SOURCE, isForPushed: false }],
])("%s is not asked for", (_, output, view, source) => {
  expect(asked({}, output, view, source)).toBeUndefined();
});
