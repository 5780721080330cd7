import { expect, it } from "vitest";
import type { Exemplar } from "../../src/core/exemplar.ts";
import type { Labels } from "../../src/core/series-key.ts";
import { seriesId } from "../../src/core/series-key.ts";
import { MeasuredPublication } from "../../src/measure/measured-publication.ts";
import type { ForecastProducer, PublishedSeries } from "../../src/otel/forecast-producer.ts";
import type { PublishedMetric } from "../../src/otel/published-metric.ts";
import type { ViewValue } from "../../src/views/view-value.ts";

/** A publication, and what it does. */
function setUp() {
  const done: unknown[][] = [];
  const metrics: PublishedMetric[] = [];
  const producer = {
    series: (metric: PublishedMetric, labels: Labels) => {
      const name = `${metric.name} ${labels.agent}`;
      metrics.push(metric);
      done.push([`${name} is made`]);
      return {
        put: (value: number, exemplar?: Exemplar) => void done.push([name, value, exemplar]),
        remove: () => void done.push([`${name} is removed`]),
      };
    },
  };
  return { done, metrics, publication: new MeasuredPublication(producer as unknown as ForecastProducer) };
}

function made(agent: string, value: number, more: object = {}, output: object = {}): ViewValue {
  const key = { metric: "tasks", labels: { agent } };
  return {
    output: {
      name: "tasks",
      metric: "tasks",
      unit: "s",
      description: "d",
      isPublished: true,
      spec: {},
      ...output,
    },
    ...{ key, id: seriesId(key), value, ...more },
  } as unknown as ViewValue;
}

const publish = (publication: MeasuredPublication, ...values: ViewValue[]): void =>
  void [...publication.publish(values)];

it("each series is made once, and has the last value and its exemplar", () => {
  const { done, publication } = setUp();
  const exemplar = { value: 3 };
  publish(publication, made("a", 1), made("b", 2));
  publish(publication, made("a", 3, { exemplar }));
  expect(done).toEqual([
    ["tasks a is made"],
    ["tasks a", 1, undefined],
    ["tasks b is made"],
    ["tasks b", 2, undefined],
    ["tasks a", 3, exemplar],
  ]);
});

it("what its view does not publish is not published", () => {
  const { done, publication } = setUp();
  publish(publication, made("a", 1, {}, { isPublished: false }));
  expect(done).toEqual([]);
});

it("a series that the view keeps is not looked for", () => {
  const { done, publication } = setUp();
  const kept: PublishedSeries[] = [];
  publish(publication, made("a", 1, { keep: (series: PublishedSeries) => kept.push(series) }));
  expect(kept).toHaveLength(1);
  publish(publication, { ...made("other", 2), published: kept[0] } as ViewValue);
  expect(done.slice(1)).toEqual([
    ["tasks a", 1, undefined],
    ["tasks a", 2, undefined],
  ]);
});

it("a series that is forgotten is removed, and made anew when it comes back", () => {
  const { done, publication } = setUp();
  publish(publication, made("a", 1), made("b", 2));
  done.length = 0;
  publication.forget([made("a", 1).key, made("unknown", 1).key]);
  publication.forget([made("a", 1).key]);
  publish(publication, made("a", 3), made("b", 4));
  expect(done).toEqual([
    ["tasks a is removed"],
    ["tasks a is made"],
    ["tasks a", 3, undefined],
    ["tasks b", 4, undefined],
  ]);
});

it("a metric is described by the view that publishes it first, as a counter or a gauge", () => {
  const { metrics, publication } = setUp();
  publish(publication, made("a", 1), made("b", 2, {}, { description: "other" }));
  publish(publication, made("c", 1, {}, { name: "done", metric: "done", spec: { isCounter: true } }));
  const described = { unit: "s", description: "d" };
  expect(metrics).toEqual([
    { name: "tasks", ...described, type: "gauge" },
    { name: "tasks", ...described, type: "gauge" },
    { name: "done", ...described, type: "counter" },
  ]);
});
