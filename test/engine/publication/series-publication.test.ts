import { beforeEach, describe, expect, it } from "vitest";
import { SeriesPublication } from "../../../src/engine/publication/series-publication.ts";
import { predictedMetrics } from "../../../src/metrics/forecast-metrics.ts";
import { ForecastProducer } from "../../../src/otel/forecast-producer.ts";

const horizon = { label: "5m", seconds: 300 };
const metric = "queue";
let producer: ForecastProducer;
let publication: SeriesPublication;

beforeEach(() => {
  producer = new ForecastProducer(() => 0);
  const key = { metric, labels: { agent: "a" } };
  publication = new SeriesPublication(producer, key, predictedMetrics(metric));
});

/** All points by the names of their metrics: each with its labels and its value. */
async function shown(): Promise<Record<string, unknown>> {
  const { resourceMetrics } = await producer.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  return Object.fromEntries(
    metrics.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.map(({ attributes, value }) => [attributes, value]),
    ]),
  );
}

describe("the published forecasts of a series", () => {
  it("have a predicted value and bounds at each horizon, until they are withdrawn", async () => {
    publication.forecast(horizon, { predicted: 5, lower: 3, upper: 9 }, "0.8");
    const hour = { label: "1h", seconds: 3600 };
    publication.forecast(hour, { predicted: 50, lower: 30, upper: 90 }, "0.8");
    const at = (label: string) => ({ agent: "a", horizon: label });
    const within = (label: string) => ({ ...at(label), level: "0.8" });
    expect(await shown()).toEqual({
      queue_predicted: [
        [at("5m"), 5],
        [at("1h"), 50],
      ],
      queue_predicted_lower: [
        [within("5m"), 3],
        [within("1h"), 30],
      ],
      queue_predicted_upper: [
        [within("5m"), 9],
        [within("1h"), 90],
      ],
    });
    publication.keepOnly([{ horizon: hour }]);
    expect((await shown()).queue_predicted).toEqual([[at("1h"), 50]]);
  });

  it("have the error of the backtest until forecasts were scored", async () => {
    const judged = { agent: "a", metric, horizon: "5m" };
    publication.accuracy(horizon, {}, { errorVersusNaive: 0.7 }, "0.8");
    expect(await shown()).toEqual({ "forecast.backtest_error_ratio": [[judged, 0.7]] });
    publication.accuracy(horizon, { errorRatio: 0.5, coverage: 0.9 }, { errorVersusNaive: 0.7 }, "0.8");
    expect(await shown()).toEqual({
      "forecast.error_ratio": [[judged, 0.5]],
      "forecast.interval_coverage": [[{ ...judged, level: "0.8" }, 0.9]],
    });
    publication.accuracy(horizon, {}, { errorVersusNaive: Number.NaN }, "0.8");
    expect(await shown()).toEqual({});
  });

  it("have a trend an hour, and the time to a threshold if there is one", async () => {
    const labels = { agent: "a", metric };
    publication.slope(0.5);
    publication.timeToThreshold(undefined, 60);
    expect(await shown()).toEqual({ "forecast.slope_per_hour": [[labels, 1800]] });
    publication.timeToThreshold({ value: 90, direction: "above" }, 60);
    const toThreshold = { "forecast.time_to_threshold": [[{ ...labels, threshold: "90" }, 60]] };
    expect(await shown()).toMatchObject(toThreshold);
    publication.timeToThreshold({ value: 90, direction: "above" }, undefined);
    expect(Object.keys(await shown())).toEqual(["forecast.slope_per_hour"]);
    publication.withdrawTrend();
    expect(await shown()).toEqual({});
  });

  it("leave together", async () => {
    const interval = { predicted: 5, lower: 3, upper: 9 };
    publication.ready(true);
    publication.forecast(horizon, interval, "0.8");
    publication.slope(1);
    publication.timeToThreshold({ value: 90, direction: "above" }, 60);
    publication.dayEnd(interval, "0.8");
    expect(Object.keys(await shown())).toHaveLength(9);
    publication.withdrawDayEnd();
    expect(Object.keys(await shown())).toHaveLength(6);
    publication.dayEnd(interval, "0.8");
    publication.remove();
    expect(await shown()).toEqual({});
  });

  it("do not come back when a collection goes on after the series was forgotten", async () => {
    const interval = { predicted: 5, lower: 3, upper: 9 };
    publication.forecast(horizon, interval, "0.8");
    publication.remove();
    const key = { metric, labels: { agent: "b" } };
    const other = new SeriesPublication(producer, key, predictedMetrics(metric));
    other.ready(true);
    publication.ready(false);
    publication.forecast(horizon, interval, "0.8");
    publication.accuracy(horizon, { errorRatio: 0.5 }, { errorVersusNaive: 0.7 }, "0.8");
    publication.slope(1);
    publication.withdrawTrend();
    publication.dayEnd(interval, "0.8");
    publication.remove();
    expect(await shown()).toEqual({ "forecast.ready": [[{ agent: "b", metric }, 1]] });
  });

  it("are ready or not", async () => {
    publication.ready(false);
    expect(Object.values(await shown())).toEqual([[[{ agent: "a", metric }, 0]]]);
    publication.ready(true);
    expect(Object.values(await shown())).toEqual([[[{ agent: "a", metric }, 1]]]);
  });
});
