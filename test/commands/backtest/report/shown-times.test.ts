import { expect, it } from "vitest";
import { shownSeconds } from "../../../../src/commands/backtest/report/shown-times.ts";

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
