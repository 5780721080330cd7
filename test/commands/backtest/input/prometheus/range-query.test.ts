import { describe, expect, it } from "vitest";
import {
  queriesOf,
  rangeQueryUrl,
} from "../../../../../src/commands/backtest/input/prometheus/range-query.ts";

const parts = { query: 'rate(x{a="b"}[5m])', start: "1767225600", end: "1767229200", step: "60s" };

describe("the address of a range query", () => {
  it("is taken as it is when it is whole", () => {
    const whole = "http://host:9090/api/v1/query_range?query=up&start=1&end=2&step=15";
    expect(rangeQueryUrl(whole, undefined).href).toBe(whole);
  });

  it("is put together from the address of a Prometheus, behind a path too", () => {
    const url = rangeQueryUrl("https://host/prometheus/", parts);
    expect(url.pathname).toBe("/prometheus/api/v1/query_range");
    expect(Object.fromEntries(url.searchParams)).toEqual(parts);
    expect(rangeQueryUrl("http://host/api/v1/query_range?query=old", parts).searchParams.get("query")).toBe(
      parts.query,
    );
  });

  it.each([
    "http://host:9090",
    "http://host/api/v1/query_range?query=up",
    "http://host/api/v1/query?query=up&start=1&end=2&step=3",
  ])("is not whole: %s", (given) => {
    expect(() => rangeQueryUrl(given, undefined)).toThrow(/expected a whole range query .* or --query/);
  });

  it("is shown without user and password", () => {
    expect(() => rangeQueryUrl("http://me:s3cret@host", undefined)).toThrow(/^http:\/\/host: expected/);
  });

  it("must be an address", () => {
    expect(() => rangeQueryUrl("http://", parts)).toThrow(
      "http://: expected an address such as http://localhost:9090",
    );
  });
});

describe("the parts of a range", () => {
  const rangesOf = (start: string, end: string, step: string): string[][] =>
    queriesOf(rangeQueryUrl("http://host", { query: "up", start, end, step })).map(({ searchParams }) =>
      ["query", "start", "end", "step"].map((name) => searchParams.get(name) as string),
    );

  it("go on where the part before ended, and keep the last point", () => {
    expect(rangesOf("0", "10000", "1")).toEqual([
      ["up", "0.000", "9999.000", "1"],
      ["up", "10000.000", "10000.000", "1"],
    ]);
    expect(rangesOf("2026-01-01T00:00:00Z", "2026-01-01T03:00:00.5+00:00", "500ms")).toEqual([
      ["up", "1767225600.000", "1767230599.500", "500ms"],
      ["up", "1767230600.000", "1767235599.500", "500ms"],
      ["up", "1767235600.000", "1767236400.500", "500ms"],
    ]);
    expect(rangesOf("0", "2w", "1")).toHaveLength(1);
    expect(rangesOf("0", "72000000", "1h30m")).toHaveLength(2);
  });

  it.each([
    ["0", "9999", "1"],
    ["soon", "10000000", "1"],
    ["0", "10000000", "often"],
    ["0", "10000000", "0s"],
    ["10000000", "0", "1"],
  ])("are one, as it was asked, from %s to %s in steps of %s", (start, end, step) => {
    expect(rangesOf(start, end, step)).toEqual([["up", start, end, step]]);
  });

  it("are not asked for when there are more points than can be tested", () => {
    expect(() => rangesOf("0", "1767225600", "1")).toThrow(
      /^http:\/\/host\/.*: the range has 1767225601 points of each series, expected at most 1000000: use a larger --step$/,
    );
  });
});
