import { describe, expect, it } from "vitest";
import { furtherDigitsApart, limitText, textBeside } from "../../src/advice/beside-limit.ts";
import { MOST_DIGITS, measured } from "../../src/advice/digits.ts";
import { writerOf } from "../../src/advice/human-units.ts";

const write = writerOf({ metricName: "x" });
const shown = (value: number, digits = 3) => ({ value, precision: { digits, keepsWhole: false } });

describe("further digits of two values", () => {
  const further = (one: number, other: number, digits?: number): number =>
    furtherDigitsApart(shown(one, digits), shown(other), write);

  it("are none where their texts differ, or the values do not", () => {
    expect(further(1.23, 1.24)).toBe(0);
    expect(further(1.23, 1.23)).toBe(0);
  });

  it("are those that it takes to see which is larger", () => {
    expect(further(1.2301, 1.2302)).toBe(2);
    expect(further(1.2302, 1.2301)).toBe(2);
    // 1.24 beside 1.235 looks larger, and is not.
    expect(furtherDigitsApart(shown(1.2351), shown(1.2352, 4), write)).toBe(1);
  });

  it("are none beyond those that a number has", () => {
    const least = (digits: number): number => 10 ** (1 - digits);
    expect(further(1 + least(MOST_DIGITS), 1)).toBe(MOST_DIGITS - 3);
    expect(further(1 + least(MOST_DIGITS + 1), 1)).toBe(0);
    expect(further(1 + least(MOST_DIGITS), 1, 4)).toBe(MOST_DIGITS - 4);
  });
});

describe("a limit", () => {
  const text = (limit: number, ...values: number[]): string => limitText(limit, values, write).text;

  it("has the digits that it was given with, up to eight", () => {
    expect(text(1.2345678)).toBe("1.2345678");
    expect(text(1.23456789)).toBe("1.23");
  });

  it("that was computed has the digits that the values near it need", () => {
    expect(text(1.23456789, 1.2)).toBe("1.23");
    expect(text(1.23456789, 1.234)).toBe("1.235");
    expect(text(1.23456789, 1.2345, 1.2347)).toBe("1.2346");
  });
});

describe("a value beside a limit", () => {
  const beside = (value: number, limit: number): string =>
    textBeside({ value, precision: measured() }, limitText(limit, [value], write), write);

  it("shows on which side it is", () => {
    expect(beside(0.9896, 0.99)).toBe("0.9896");
    expect(beside(0.99, 0.99)).toBe("0.99");
    expect(beside(0.5, 0.99)).toBe("0.5");
  });

  it("says so where no digits show it", () => {
    expect(beside(0.99 + 2 ** -53, 0.99)).toBe("just above 0.99");
    expect(beside(0.99 - 2 ** -53, 0.99)).toBe("just below 0.99");
  });
});
