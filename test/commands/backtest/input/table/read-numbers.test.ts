import { describe, expect, it } from "vitest";
import {
  decimalMarkOf,
  isNumber,
  readNumbers,
} from "../../../../../src/commands/backtest/input/table/read-numbers.ts";

function read(...cells: string[]): unknown {
  const chosen = decimalMarkOf([cells]);
  if ("problem" in chosen) return chosen.problem;
  const { values, unit, isConverted } = readNumbers(cells, chosen.mark);
  const shown = values.map((value) => (Number.isNaN(value) ? "gap" : value));
  return unit === "" && !isConverted ? shown : [shown, unit, isConverted];
}

describe("the numbers of a table", () => {
  it.each([
    [
      ["50,00", "1"],
      [50, 1],
    ],
    [
      ["1.234,5", "0,5"],
      [1234.5, 0.5],
    ],
    [
      ["1,234", "0,5"],
      [1.234, 0.5],
    ],
    [
      ["1,234.5", "1,234"],
      [1234.5, 1234],
    ],
    [["1 234,5"], [1234.5]],
    [
      ["1\u202f234,5", "1\u00a0234"],
      [1234.5, 1234],
    ],
    [["1'234.5"], [1234.5]],
    [["1,234,567"], [1234567]],
    [["1.234.567"], [1234567]],
    [
      ["1.5e3", "5", "-.5", "+3", "1,2"],
      [1500, 5, -0.5, 3, undefined],
    ],
    [
      ["1.234", "2.345"],
      [1.234, 2.345],
    ],
    [
      ["1.234", "0", "2.345"],
      [1.234, 0, 2.345],
    ],
    [
      ["1.234", "987", "5000"],
      [1.234, 987, 5000],
    ],
    [
      ["", "NaN", "null", "n/a", "#N/A", "-", "undefined"],
      ["gap", "gap", "gap", "gap", "gap", "gap", "gap"],
    ],
    [["1e999", "Infinity", "12:30", "1 2", "x", "2026-01-05"], Array(6).fill(undefined)],
  ])("%j are %j", (cells, values) => {
    expect(read(...cells)).toEqual(values);
  });

  it("can have two meanings, which are named", () => {
    expect(read("1,234", "2,345")).toBe(
      '"1,234" can be 1234 or 1.234: name the decimal mark with --decimal . or --decimal ,',
    );
    expect(read("987", "1.012")).toBe(
      '"1.012" can be 1.012 or 1012: name the decimal mark with --decimal . or --decimal ,',
    );
  });

  it("have the same mark in all columns, which may differ in their decimals", () => {
    const counts = ["7", "12"];
    expect(decimalMarkOf([counts, ["1.234", "2.345"]])).toEqual({ mark: "." });
    expect(decimalMarkOf([["987", "1.012"], ["0,5"]])).toEqual({ mark: "," });
  });

  it("are no numbers with other groups than of three digits", () => {
    expect(read("12,34,567.5")).toEqual([undefined]);
  });

  it.each([
    [
      ["95%", "96 %", ""],
      [[95, 96, "gap"], "%", false],
    ],
    [
      ["12 ms", "350 ms"],
      [[12, 350], "ms", false],
    ],
    [
      ["12 ms", "1.5 s", "250 µs", "2 min", "0"],
      [[0.012, 1.5, 0.00025, 120, 0], "s", true],
    ],
    [
      ["3 GiB", "512 MiB", "1 kB"],
      [[3 * 1024 ** 3, 512 * 1024 ** 2, 1000], "B", true],
    ],
    [
      ["2 MB/s", "3 kB/s"],
      [[2e6, 3e3], "B/s", true],
    ],
    [
      ["20 Mbps", "3 kbps"],
      [[2e7, 3e3], "b/s", true],
    ],
    [
      ["1.2 K", "3 Mil", "500"],
      [[1200, 3e6, 500], "", true],
    ],
    [
      ["1.2K req/s", "900 req/s"],
      [[1200, 900], "req/s", true],
    ],
    [
      ["100Mi", "1Gi"],
      [[100 * 1024 ** 2, 1024 ** 3], "", true],
    ],
    [
      ["12,50 €", "3 €"],
      [[12.5, 3], "€", false],
    ],
    [["$12.50"], [[12.5], "$", false]],
    [
      ["5 apples", "6 apples"],
      [[5, 6], "apples", false],
    ],
    [
      ["5 ms", "6 ms", "7 apples"],
      [[5, 6, undefined], "ms", false],
    ],
  ])("with units, %j are %j", (cells, expected) => {
    expect(read(...cells)).toEqual(expected);
  });

  it("say what was expected of a cell", () => {
    expect(readNumbers(["5 ms", "x"], ".").expected).toBe(
      "a finite number in ms, as in the other rows, or nothing for a gap",
    );
    expect(readNumbers(["5,5"], ",").expected).toBe(
      "a finite number with a decimal comma, or nothing for a gap",
    );
  });

  it("are recognized in a header", () => {
    expect(["1.234,5", "95%", "1'000"].every(isNumber)).toBe(true);
    expect(["cpu", "", "2026-01-05", "10:30"].some(isNumber)).toBe(false);
  });
});

it("reads long cells in a time that is proportional to their length", () => {
  // In quadratic time each would take hours.
  const length = 1_000_000;
  for (const cell of [`1${" ".repeat(length)}~`, `1${"\u00a0".repeat(length)}x1`, `${"1".repeat(length)}x1`])
    expect(isNumber(cell)).toBe(false);
});
