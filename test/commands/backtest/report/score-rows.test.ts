import { describe, expect, it } from "vitest";
import { COLUMNS, horizonsOf, scoreRows } from "../../../../src/commands/backtest/report/score-rows.ts";
import type { HorizonScore, MethodScore } from "../../../../src/commands/backtest/scores/method-scores.ts";

function score(
  method: string,
  numbers: Partial<HorizonScore>,
  millis?: number,
  horizons: readonly number[] = [12],
): MethodScore {
  const none = { mase: undefined, versusNaive: undefined, smape: undefined, quantileLoss: undefined };
  const shares = { coverage80: undefined, coverage95: undefined };
  const rows = horizons.map((steps) => ({
    ...{ steps, ...none, ...shares, differences: [], overlap: 1 },
    ...numbers,
  }));
  return { method, horizons: rows, millis, forecasts: 10, failures: 0 };
}

/** The cells of one method in a column. */
function cell(column: string, numbers: Partial<HorizonScore>, millis?: number): string | undefined {
  const [row] = scoreRows([score("theta", numbers, millis)], 12);
  return row?.[COLUMNS.findIndex(({ name }) => name === column)];
}

/** The methods in their order. */
function order(...scores: readonly MethodScore[]): unknown[] {
  return scoreRows(scores, 12).map(([method]) => method);
}

describe("a row of scores", () => {
  it("has a cell for each column, and a dash for what is unknown", () => {
    const known = { mase: 0.5, versusNaive: 0.25, smape: 33.33, quantileLoss: 0.125 };
    const shares = { coverage80: 0.805, coverage95: 0.5 };
    expect(scoreRows([score("theta", { ...known, ...shares }, 7)], 12)).toEqual([
      ["theta", "0.50", "0.25", "33.3", "0.13", "81 %", "50 %", "7"],
    ]);
    expect(scoreRows([score("theta", {})], 12)).toEqual([["theta", ...Array(7).fill("-")]]);
  });

  it.each([
    [0.01234, "0.012"],
    [9.87, "9.9"],
    [99.4, "99"],
    [100.4, "100"],
    [123.4, "123"],
    [1234, "1230"],
  ])("has two digits of %d ms, and three from 100 ms on: %s", (millis, text) => {
    expect(cell("ms", {}, millis)).toBe(text);
  });

  it.each([
    [9999, "9999.00"],
    [10_000, "1.0e+4"],
    [-123_456, "-1.2e+5"],
  ])("has an exponent from 10,000 on: %d is %s", (mase, text) => {
    expect(cell("MASE", { mase })).toBe(text);
  });
});

describe("the rows of a horizon", () => {
  it("begin with the most accurate method; what could not be compared is last", () => {
    const unknown = score("a", {});
    const [worse, better] = [score("b", { versusNaive: 0.9 }), score("c", { versusNaive: 0.7 })];
    expect(order(unknown, worse, better)).toEqual(["c", "b", "a"]);
  });

  it("are ordered by sMAPE where the method is as good", () => {
    const tied = [30, undefined, 10, 20].map((smape) => score(`${smape}`, { versusNaive: 1, smape }));
    expect(order(...tied)).toEqual(["10", "20", "30", "undefined"]);
  });

  it("are those of the methods that were tested at it", () => {
    const [long, both] = [score("a", {}, 1, [60]), score("b", {}, 1, [60, 12])];
    expect(order(long, both)).toEqual(["b"]);
    expect(horizonsOf([long, both])).toEqual([12, 60]);
  });
});
