import { describe, expect, it } from "vitest";
import { ExcessError } from "../../../src/engine/review/excess-error.ts";

/** Adds the same score repeatedly. Returns how many it takes, at most `most`. */
function scoresUntilTooMuch(excess: ExcessError, error: number, naiveError: number, most = 10_000): number {
  for (let count = 0; count < most; count++) {
    if (excess.isTooMuch) return count;
    excess.add({ error, naiveError });
  }
  return most;
}

describe("excess error", () => {
  it("sums the error beyond 1.1 times that of naive, in usual errors times horizons", () => {
    // Each score adds (3 - 1.1) / 3 / 50 to the sum, whose limit is 2.
    expect(scoresUntilTooMuch(new ExcessError(50), 3, 1)).toBe(Math.ceil(2 / (1.9 / 3 / 50)));
  });

  it("needs twenty scores", () => {
    expect(scoresUntilTooMuch(new ExcessError(1), 5, 0)).toBe(20);
  });

  it("does not depend on the unit, not even of the smallest and largest numbers", () => {
    const counts = [1e-320, 1e-9, 1, 1e9, 1e308].map((unit) =>
      scoresUntilTooMuch(new ExcessError(10), unit, unit / 4),
    );
    expect(new Set(counts)).toEqual(new Set([Math.floor(2 / ((1 - 1.1 / 4) / 10)) + 1]));
  });

  it("gives no credit for a good past", () => {
    const fresh = new ExcessError(30);
    const old = new ExcessError(30);
    for (let count = 0; count < 500; count++) old.add({ error: 0.2, naiveError: 1 });
    const [one, other] = [fresh, old].map((it) => scoresUntilTooMuch(it, 3, 1) as number);
    expect((other as number) - (one as number)).toBeLessThanOrEqual(0);
  });

  it("adapts the usual error within about 64 scores", () => {
    const excess = new ExcessError(10);
    for (let count = 0; count < 500; count++) excess.add({ error: 10, naiveError: 100 });
    // The usual error fades from 100 towards 1. The sum of (1 - .11) / 10 / (1 + 99 (63/64)^k)
    // exceeds 2 after this many scores.
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

  it("never dismisses errors that are no larger than those of naive", () => {
    expect(scoresUntilTooMuch(new ExcessError(1), 1, 1)).toBe(10_000);
    expect(scoresUntilTooMuch(new ExcessError(1), 0, 0)).toBe(10_000);
  });

  it("goes on after a restart as it would have without", () => {
    for (const scored of [1, 30, 60]) {
      const [whole, before, after] = [new ExcessError(50), new ExcessError(50), new ExcessError(50)];
      for (let count = 0; count < scored; count++) {
        for (const it of [whole, before]) it.add({ error: 3, naiveError: 1 });
      }
      after.restore(JSON.parse(JSON.stringify(before.saved())));
      expect(scoresUntilTooMuch(after, 5, 1)).toBe(scoresUntilTooMuch(whole, 5, 1));
    }
  });

  it.each([0, -1, Number.NaN])("refuses %d scores a horizon", (scores) => {
    expect(() => new ExcessError(scores)).toThrow(/scoresPerHorizon: expected a number of at least 1/);
  });
});
