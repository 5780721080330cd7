import { expect, it } from "vitest";
import type { SeriesStatus } from "../../src/status/answers.ts";
import { headlineOf, silentText, subjectIn } from "../../src/status/headline.ts";

function series(given: Partial<SeriesStatus>): SeriesStatus {
  return {
    id: "1",
    metric: "disk_used_ratio",
    labels: {},
    unit: "",
    state: "ready",
    at: 0,
    value: 0.5,
    horizons: [{ horizon: "1h", at: 3_600_000, predicted: 0.6, lower: 0.5, upper: 0.7 }],
    ...given,
  };
}

const threshold = { value: 0.9, direction: "above" } as const;

it.each<[string, SeriesStatus[], string]>([
  ["nothing", [], "There are no forecasts yet."],
  ["series that warm up", [series({ state: "warming-up", horizons: [] })], "There are no forecasts yet."],
  ["no thresholds", [series({})], "Forecasts reach 1 hour ahead. No series has a threshold."],
  [
    "several horizons",
    [
      series({
        horizons: [1, 6].map((hours) => ({
          ...{ horizon: `${hours}h`, at: hours * 3_600_000 },
          ...{ predicted: 0.6, lower: 0.5, upper: 0.7 },
        })),
      }),
      series({}),
    ],
    "Forecasts reach 6 hours ahead. No series has a threshold.",
  ],
  ["no trouble", [series({ threshold })], "No series is forecast to pass its threshold within 1 hour."],
  [
    "no trouble of series of which some have a threshold",
    [series({}), series({ threshold })],
    "No series is forecast to pass its threshold within 1 hour.",
  ],
  [
    "series whose newest sample is of another time",
    [series({ at: 1_800_000, threshold })],
    "No series is forecast to pass its threshold within 30 minutes.",
  ],
  [
    "trouble below a threshold",
    [series({ threshold: { value: 0.1, direction: "below" }, secondsToThreshold: 1 })],
    "The disk use will be below its threshold of 10% in about 1 second.",
  ],
  [
    "trouble ahead",
    [series({ threshold, secondsToThreshold: 1500, labels: { host: "a" } }), series({ threshold })],
    "The disk use (host a) will be above its threshold of 90% in about 25 minutes.",
  ],
  [
    "trouble now",
    [series({ threshold, secondsToThreshold: 0 }), series({ threshold, secondsToThreshold: 60 })],
    "The disk use is above its threshold of 90% now.",
  ],
  [
    "trouble of an agent",
    [
      series({
        metric: "ai_memory_usage_percent",
        unit: "%",
        labels: { agent: "planner", host: "a" },
        threshold: { value: 90, direction: "above" },
        secondsToThreshold: 60,
      }),
    ],
    "The memory use of agent planner (host a) will be above its threshold of 90% in about 1 minute.",
  ],
  [
    "trouble of a metric without words",
    [series({ metric: "orders", labels: { shop: "b" }, threshold, secondsToThreshold: 0 })],
    'orders{shop="b"} is above its threshold of 0.9 now.',
  ],
  [
    "trouble of a series that is silent",
    [series({ state: "silent", threshold, secondsToThreshold: 60 }), series({})],
    "Forecasts reach 1 hour ahead. No series has a threshold.",
  ],
])("says of %s what is first", (_, forecasts, sentence) => {
  expect(headlineOf(forecasts)).toBe(sentence);
});

it("names a series as Prometheus does, with its process", () => {
  const labels = { shop: 'b"1', host: "a" };
  expect(subjectIn({ metric: "orders", labels })).toBe('orders{shop="b\\"1",host="a"}');
  expect(subjectIn({ metric: "orders", labels: {}, process: "worker 2" })).toBe("orders (worker 2)");
});

it("says how many processes did not answer, if any", () => {
  expect([undefined, { others: 3, silent: 0 }].map(silentText)).toEqual([[], []]);
  expect(silentText({ others: 3, silent: 1 })).toEqual([
    "1 of 3 other processes did not answer: their series are missing.",
  ]);
});
