import { expect, it } from "vitest";
import { shownSeconds, shownTime } from "../../../../src/commands/backtest/report/shown-times.ts";

it.each([
  [0, "0 s"],
  [0.25, "0.25 s"],
  [59, "59 s"],
  [60, "1 min"],
  [90, "90 s"],
  [3600, "1 h"],
  [5400, "90 min"],
  [86_400, "1 d"],
  [90_000, "25 h"],
  [172_800, "2 d"],
])("%d seconds are shown as %s", (seconds, text) => {
  expect(shownSeconds(seconds)).toBe(text);
});

it.each([
  [59, "1970-01-01 23:59:01"],
  [60, "1970-01-01 23:59"],
])("times are shown as precise as a step of %d seconds", (stepSeconds, text) => {
  const series = { id: "a", values: new Float64Array(3), stepSeconds, endMillis: 86_400_000 };
  expect(shownTime(series, 1)).toBe(text);
});
