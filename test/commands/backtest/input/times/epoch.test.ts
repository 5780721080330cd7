import { expect, it } from "vitest";
import { isLikelyEpoch } from "../../../../../src/commands/backtest/input/times/epoch.ts";

const START = 1_600_000_000;
const times = (...steps: number[]): string[] => {
  let at = START;
  return [at, ...steps.map((step) => (at += step))].map(String);
};

it.each([
  ["equal steps", times(60, 60, 60), true],
  ["equal steps back", times(-60, -60, -60), true],
  ["half of the steps equal", times(60, 60, 61, 700), true],
  ["half of the steps equal, and longer", times(60, 60, 7, 8), true],
  ["fewer than half of the steps equal", times(60, 60, 61, 700, 9), false],
  ["a step back among equal ones", times(60, 60, 60, -1), false],
  ["a repetition among equal steps", times(60, 60, 60, 0), false],
  ["the same time again and again", times(0, 0, 0), false],
  ["one number", times(), false],
  ["numbers before 1980", ["300000000", "300000060", "300000120"], false],
  ["numbers from 2040 on", ["2208988700", "2208988760", "2208988820"], false],
  ["a text", [...times(60, 60), "x"], false],
])("numbers with %s are taken for times, or not", (_, texts, isLikely) => {
  expect(isLikelyEpoch(texts)).toBe(isLikely);
});
