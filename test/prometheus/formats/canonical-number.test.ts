import { expect, it } from "vitest";
import { canonicalNumber } from "../../../src/prometheus/formats/canonical-number.ts";

// From the section on canonical numbers of the specification, and Go's strconv.FormatFloat(f, 'g', -1, 64).
it.each([
  [0, "0.0"],
  [1, "1.0"],
  [10, "10.0"],
  [100_000, "100000.0"],
  [1e6, "1e+06"],
  [1.5e6, "1.5e+06"],
  [123_456_789, "1.23456789e+08"],
  [1e21, "1e+21"],
  [1e100, "1e+100"],
  [0.1, "0.1"],
  [0.001, "0.001"],
  [0.0001, "0.0001"],
  [1e-5, "1e-05"],
  [1.1e-5, "1.1e-05"],
  [-2, "-2.0"],
  [-0.25, "-0.25"],
  [-1e6, "-1e+06"],
  [Infinity, "+Inf"],
  [-Infinity, "-Inf"],
])("%d is written as %s", (value, text) => {
  expect(canonicalNumber(value)).toBe(text);
});
