import { expect, it } from "vitest";
import { axisLabels, checkUnit, writerOf } from "../../tools/dashboards/browser/units.ts";
import { fieldOf, figureColor, limitLines } from "../../tools/dashboards/fields.ts";
import { tableOf } from "../../tools/dashboards/table.ts";
import { withValues } from "../../tools/dashboards/variables.ts";

// What Grafana shows: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats
it.each([
  ["percentunit", 0.967, "96.7%"],
  ["percent", 100, "100%"],
  ["s", 0.0042, "4.20 ms"],
  ["s", 2700, "45 mins"],
  ["s", 3600, "1 hour"],
  ["bytes", 1536, "1.50 KiB"],
  ["Bps", 12_000, "12 kB/s"],
  ["reqps", 1500, "1.50K req/s"],
  ["count:tasks/s", 3.2, "3.20 tasks/s"],
  ["count:/s", 0.0018, "0.00180 /s"],
  ["short", 4_300_000, "4.30 Mil"],
  ["short", 999, "999"],
  ["short", 1000, "1 K"],
])("%s of %d is %s", (unit, value, text) => {
  expect(writerOf(unit)(value)).toBe(text);
});

it("an unknown unit is an error", () => {
  expect(() => checkUnit("furlong")).toThrow("the unit furlong is not known");
});

it("each label of an axis has the fewest decimals that show it as it is", () => {
  expect(axisLabels("s", [0, 0.5, 1, 1.5])).toEqual(["0 s", "500 ms", "1 s", "1.5 s"]);
  expect(axisLabels("count:/s", [0, 0.00025, 0.0005])).toEqual(["0 /s", "0.00025 /s", "0.0005 /s"]);
});

it("a number has the colour of the step that it reaches; without steps it is red from 80 on", () => {
  const green = figureColor({ custom: {} }, 79);
  const red = figureColor({ custom: {} }, 80);
  expect(red).not.toBe(green);
  const steps = [
    { value: null, color: "red" },
    { value: 0.95, color: "green" },
  ];
  const limited = { custom: {}, thresholds: { mode: "absolute", steps } };
  expect([0.9, 0.95].map((value) => figureColor(limited, value))).toEqual([red, green]);
});

it("a limit is a line in the colour of the step below it, if what is above is transparent", () => {
  const lines = (...colors: readonly [string, string]) =>
    limitLines({
      custom: { thresholdsStyle: { mode: "dashed" } },
      thresholds: {
        mode: "absolute",
        steps: colors.map((color, index) => ({ value: index === 0 ? null : 5, color })),
      },
    });
  expect(lines("red", "transparent")).toEqual(lines("transparent", "red"));
  expect(lines("red", "green")).not.toEqual(lines("red", "transparent"));
});

it("an override changes the fields that have its name", () => {
  const override = {
    matcher: { id: "byRegexp", options: "/bound$/" },
    properties: [
      { id: "custom.lineWidth", value: 0 },
      { id: "unit", value: "s" },
    ],
  };
  const fieldConfig = { defaults: { unit: "short", custom: { lineWidth: 1 } }, overrides: [override] };
  const panel = { type: "timeseries", gridPos: { x: 0, y: 0, w: 8, h: 8 }, fieldConfig };
  expect(fieldOf(panel, "lower bound")).toEqual({ unit: "s", custom: { lineWidth: 0 } });
  expect(fieldOf(panel, "observed")).toEqual({ unit: "short", custom: { lineWidth: 1 } });
});

it("a table has the columns that are not left out, in their order and with their headings", () => {
  const series = [{ labels: { __name__: "m", job: "a", zone: "z" }, points: [[7, 1.5] as const] }];
  const options = {
    excludeByName: { Time: true, __name__: true },
    indexByName: { Value: 0, job: 1 },
    renameByName: { Value: "Crossed in", job: "Job" },
  };
  expect(tableOf(series, [{ id: "organize", options }])).toEqual({
    columns: ["Crossed in", "Job", "zone"],
    rows: [[1.5, "a", "z"]],
  });
  expect(tableOf(series).columns).toEqual(["Time", "__name__", "job", "zone", "Value"]);
});

it("a query has the values of its variables, and an unknown one is an error", () => {
  expect(withValues('x{job=~"$job"}[$__rate_interval]', { job: ".*", __rate_interval: "4s" })).toBe(
    'x{job=~".*"}[4s]',
  );
  expect(() => withValues("$nothing", {})).toThrow("no value for the variable nothing in $nothing");
});
