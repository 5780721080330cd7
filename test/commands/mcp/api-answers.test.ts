import { describe, expect, it } from "vitest";
import { alertAnswer, detailAnswer, listAnswer } from "../../../src/commands/mcp/api-answers.ts";
import { alert, disk, listOf } from "./answers-of-api.ts";

const LONG = "x".repeat(5000);
const lengthsOf = (data: object) =>
  Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value.length]] : [],
    ),
  );
const seriesOf = (series: object) => listAnswer.parse(listOf([{ ...disk, ...series }])).forecasts[0];

describe("a text of an application has at most as many characters as", () => {
  it("a series and its forecasts may have", () => {
    const quality = [{ horizon: LONG, method: LONG, errorVersusNaive: 1 }];
    const horizons = [{ ...disk.horizons[0], horizon: LONG }];
    const texts = { id: LONG, metric: LONG, unit: LONG, recommendation: LONG, process: LONG };
    const series = detailAnswer.parse({ ...disk, ...texts, horizons, quality });
    expect(lengthsOf(series)).toMatchObject({
      id: 50,
      metric: 300,
      unit: 50,
      recommendation: 600,
      process: 200,
    });
    expect(lengthsOf(series.horizons[0] ?? {})).toEqual({ horizon: 50 });
    expect(lengthsOf(series.quality[0] ?? {})).toEqual({ horizon: 50, method: 300 });
  });

  it("an alert may have", () => {
    const texts = [
      "name",
      "severity",
      "metricName",
      "unit",
      "summary",
      "description",
      "runbookUrl",
      "process",
    ];
    const long = alertAnswer.parse({ ...alert, ...Object.fromEntries(texts.map((name) => [name, LONG])) });
    expect(lengthsOf(long)).toMatchObject({
      name: 200,
      severity: 50,
      metricName: 300,
      unit: 50,
      summary: 600,
      description: 1200,
      runbookUrl: 400,
      process: 200,
    });
  });

  it("a label may have", () => {
    const [[name, value] = []] = Object.entries(seriesOf({ labels: { [LONG]: LONG } })?.labels ?? {});
    expect([name?.length, value?.length]).toEqual([100, 200]);
  });

  it("all labels of a series may have", () => {
    const labels = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${at + 10}`, "x".repeat(198)]));
    const kept = seriesOf({ labels })?.labels ?? {};
    expect(Object.keys(kept)).toHaveLength(11);
    expect(kept["..."]).toBe("20 more labels");
    expect(
      Object.keys(
        seriesOf({ labels: Object.fromEntries(Object.entries(labels).slice(0, 10)) })?.labels ?? {},
      ),
    ).toHaveLength(10);
  });
});

it("numbers have nine digits", () => {
  expect(seriesOf({ value: 138.00000000000003, secondsToThreshold: 110.00000000000007 })).toMatchObject({
    value: 138,
    secondsToThreshold: 110,
  });
  expect(seriesOf({ value: 1.23456789012 })?.value).toBe(1.23456789);
});

it.each([
  [{ horizons: Array(100).fill(disk.horizons[0]) }, true],
  [{ horizons: Array(101).fill(disk.horizons[0]) }, false],
  [{ at: 8e15 }, true],
  [{ at: 8.1e15 }, false],
  [{ at: -1 }, false],
  [{ secondsToThreshold: 1e11 }, true],
  [{ secondsToThreshold: 1.1e11 }, false],
  [{ secondsToThreshold: -1 }, false],
  [{ threshold: { value: 1, direction: "beside" } }, false],
  [{ state: "asleep" }, false],
])("case %# is an answer of the API: %s", (series, isOne) => {
  expect(listAnswer.safeParse(listOf([{ ...disk, ...series }])).success).toBe(isOne);
});
