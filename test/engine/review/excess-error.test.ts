import { describe, expect, it } from "vitest";
import { ExcessError } from "../../../src/engine/review/excess-error.ts";

/** Adds the same score again and again; how many it takes, or `most`. */
function scoresUntilTooMuch(excess: ExcessError, error: number, naiveError: number, most = 10_000): number {
  for (let count = 0; count < most; count++) {
    if (excess.isTooMuch) return count;
    excess.add({ error, naiveError });
  }
  return most;
}

describe("excess error", () => {
  it("adds up what is beyond 1.1 times naive's error, in units of usual error and horizons", () => {
    // Each score adds (3 - 1.1) / 3 / 50 of the 2 that are too much.
    expect(scoresUntilTooMuch(new ExcessError(50), 3, 1)).toBe(Math.ceil(2 / (1.9 / 3 / 50)));
  });

  it("says nothing before twenty scores", () => {
    expect(scoresUntilTooMuch(new ExcessError(1), 5, 0)).toBe(20);
  });

  it("does not depend on the unit, not even of the smallest and largest numbers", () => {
    const counts = [1e-320, 1e-9, 1, 1e9, 1e308].map((unit) =>
      scoresUntilTooMuch(new ExcessError(10), unit, unit / 4),
    );
    expect(new Set(counts)).toEqual(new Set([Math.floor(2 / ((1 - 1.1 / 4) / 10)) + 1]));
  });

  it("does not save up a good past", () => {
    const fresh = new ExcessError(30);
    const old = new ExcessError(30);
    for (let count = 0; count < 500; count++) old.add({ error: 0.2, naiveError: 1 });
    const [one, other] = [fresh, old].map((it) => scoresUntilTooMuch(it, 3, 1) as number);
    expect((other as number) - (one as number)).toBeLessThanOrEqual(0);
  });

  it("forgets what a usual error was once, over some 64 scores", () => {
    const excess = new ExcessError(10);
    for (let count = 0; count < 500; count++) excess.add({ error: 10, naiveError: 100 });
    // Usual error fades from 100 towards 1: the sum of (1 - .11) / 10 / (1 + 99 (63/64)^k) passes 2 after so many.
    let usual = 100;
    let sum = 0;
    let expected = 0;
    while (sum <= 2) {
      usual += (1 - usual) / 64;
      sum += 0.89 / usual / 10;
      expected++;
    }
    expect(scoresUntilTooMuch(excess, 1, 0.1)).toBe(expected);
  });

  it("is never too much of errors that are no larger than naive's, or of none", () => {
    expect(scoresUntilTooMuch(new ExcessError(1), 1, 1)).toBe(10_000);
    expect(scoresUntilTooMuch(new ExcessError(1), 0, 0)).toBe(10_000);
  });

  it.each([0, -1, Number.NaN])("refuses %d scores a horizon", (scores) => {
    expect(() => new ExcessError(scores)).toThrow(/scoresPerHorizon: expected a number of at least 1/);
  });
});
