import { expect, it } from "vitest";
import type { ForecastList, SeriesStatus } from "../../src/status/answers.ts";
import { fitting } from "../../src/status/fitting.ts";

function listOf(...labels: Record<string, string>[]): ForecastList {
  const forecasts = labels.map(
    (own, index): SeriesStatus => ({
      id: `${index}`,
      metric: "m",
      labels: own,
      unit: "",
      state: "ready",
      horizons: [],
    }),
  );
  return { now: 0, series: labels.length, selected: labels.length, forecasts };
}

/** `["m",{"k":"…"},null]` of so many bytes. */
const ofBytes = (bytes: number) => ({ k: "x".repeat(bytes - '["m",{"k":""},null]'.length) });
const idsOf = ({ forecasts }: ForecastList) => forecasts.map(({ id }) => id).join("");

it("gives all series that have room together, and the first ones of more", () => {
  const list = listOf(ofBytes(40), ofBytes(50), ofBytes(60));
  expect(fitting(list, 150)).toBe(list);
  expect(idsOf(fitting(list, 149))).toBe("01");
  expect(idsOf(fitting(list, 89))).toBe("0");
  expect(fitting(list, 89)).toMatchObject({ now: 0, series: 3, selected: 3 });
});

it("gives one series in any case, so that a client comes to the end", () => {
  expect(idsOf(fitting(listOf(ofBytes(40), ofBytes(20)), 30))).toBe("0");
  expect(idsOf(fitting(listOf(), 0))).toBe("");
});

it("counts bytes, and sentences too", () => {
  const wide = { k: "\u0000".repeat(10) };
  expect(idsOf(fitting(listOf(wide, wide), 2 * (60 + 19) - 1))).toBe("0");
  const { forecasts, ...rest } = listOf(ofBytes(20), ofBytes(20));
  const advised = forecasts.map((series) => ({ ...series, recommendation: "x".repeat(4) }));
  expect(idsOf(fitting({ ...rest, forecasts: advised }, 44))).toBe("01");
  expect(idsOf(fitting({ ...rest, forecasts: advised }, 43))).toBe("0");
});

it("has room for 7 MB without a limit of its own", () => {
  expect(idsOf(fitting(listOf(ofBytes(3_500_000), ofBytes(3_500_000))))).toBe("01");
  expect(idsOf(fitting(listOf(ofBytes(3_500_000), ofBytes(3_500_001))))).toBe("0");
});
