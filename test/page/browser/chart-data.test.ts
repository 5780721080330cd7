import { expect, it } from "vitest";
import { chartRows, readingAt } from "../../../src/page/browser/chart-data.ts";
import type { SeriesDetail } from "../../../src/status/answers.ts";

const detail: SeriesDetail = {
  id: "1",
  metric: "queue_size",
  labels: {},
  unit: "",
  state: "ready",
  at: 30_250,
  value: 3,
  horizons: [],
  past: { stepSeconds: 10, endsAt: 30_000, values: [1, null, 2] },
  path: [{ at: 40_250, predicted: 4, lower: 3, upper: 5 }],
  quality: [],
  before: [
    {
      horizon: "10s",
      forecasts: [
        { at: 5000, predicted: 9 },
        { at: 21_000, predicted: 1.5 },
      ],
    },
  ],
};

it("the lines of a chart have one axis of time, and the forecast begins at the newest value", () => {
  expect(chartRows(detail)).toEqual({
    times: [10, 20, 30, 30.25, 40.25],
    observed: [1, null, 2, 3, undefined],
    predicted: [undefined, undefined, undefined, 3, 4],
    upper: [undefined, undefined, undefined, 3, 5],
    lower: [undefined, undefined, undefined, 3, 3],
    // What was forecast for a time before the chart begins is left out.
    before: [undefined, 1.5, undefined, undefined, undefined],
  });
});

it("a chart without a forecast shows the past alone", () => {
  const { value: _, ...silent } = detail;
  expect(chartRows({ ...silent, path: [], before: [] })).toMatchObject({ times: [10, 20, 30] });
});

it.each([
  [0, "10 s, observed <1>"],
  [1, "20 s, no value, forecast before: <1.5>"],
  [3, "30.25 s, observed <3>"],
  [4, "40.25 s, forecast <4>, 80% interval <3> to <5>"],
])("the reading at place %i is %s", (index, text) => {
  const texts = { time: (seconds: number) => `${seconds} s`, value: (value: number) => `<${value}>` };
  expect(readingAt(chartRows(detail), index, texts)).toBe(text);
});

it("a forecast is read without an interval that is known in part", () => {
  const texts = { time: () => "then", value: String };
  const rows = chartRows(detail);
  for (const part of [{ lower: [] }, { upper: [] }])
    expect(readingAt({ ...rows, ...part }, 4, texts)).toBe("then, forecast 4");
  expect(readingAt({ ...rows, before: [0, 0, 0, 0, 2] }, 4, texts)).toContain(", forecast before: 2");
  expect(readingAt({ ...rows, observed: [] }, 0, texts)).toBe("then");
});
