import { expect, it } from "vitest";
import { unitOf } from "../../../../../src/commands/backtest/input/table/units.ts";

// https://www.bipm.org/en/measurement-units/si-prefixes
it.each([
  ["p", -12],
  ["n", -9],
  ["µ", -6],
  ["μ", -6],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["K", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
])("the prefix %j is 10 to the power of %i", (prefix, power) => {
  for (const base of ["W", "V", "A", "B", "Hz"])
    expect(unitOf(`${prefix}${base}`)).toEqual({ base, factor: Number(`1e${power}`) });
});

// https://physics.nist.gov/cuu/Units/binary.html
it.each([
  ["Ki", 10],
  ["Mi", 20],
  ["Gi", 30],
  ["Ti", 40],
  ["Pi", 50],
])("the prefix %s is 2 to the power of %i", (prefix, power) => {
  expect(unitOf(`${prefix}B`)).toEqual({ base: "B", factor: 2 ** power });
  expect(unitOf(`${prefix}B/s`)).toEqual({ base: "B/s", factor: 2 ** power });
  expect(unitOf(`${prefix} req/s`)).toEqual({ base: "req/s", factor: 2 ** power });
});

it.each([
  [["ms"], 1 / 1000],
  [["s", "sec", "secs", "second", "seconds"], 1],
  [["min", "mins", "minute", "minutes"], 60],
  [["h", "hr", "hour", "hours"], 60 * 60],
  [["d", "day", "days"], 24 * 60 * 60],
  [["week", "weeks"], 7 * 24 * 60 * 60],
])("%j are %d seconds", (written, seconds) => {
  for (const unit of written) expect(unitOf(unit)).toEqual({ base: "s", factor: seconds });
});

it.each([
  ["K", 1e3, ""],
  ["Mil", 1e6, ""],
  ["Bil", 1e9, ""],
  ["Tri", 1e12, ""],
  ["Mil req", 1e6, "req"],
  ["orders", 1, "orders"],
  ["ms/s", 1, "ms/s"],
])("%j is %d of %j", (written, factor, base) => {
  expect(unitOf(written)).toEqual({ base, factor });
});
