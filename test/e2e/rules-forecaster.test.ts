import { expect, it } from "vitest";
import { generateRules } from "../../src/artifacts/rules/rules.ts";
import { optionsFor } from "../artifacts/options-for.ts";
import { needs, promtool } from "./harness/components.ts";
import { testRules } from "./harness/promtool.ts";

const generated = await generateRules(optionsFor());
const of = 'job="agents",instance="a:1"';
const process = { job: "agents", instance: "a:1" };

it("fires when the forecaster stops, and not when its process is removed in good order", (context) => {
  needs(context, promtool);
  const alertname = "OtelForecastNotRunning";
  const firing = [{ ...process, severity: "critical" }];
  const verdict = testRules(generated.groups, [
    {
      name: "runs stop and begin again",
      alertname,
      input: [
        { series: `forecast_runs_total{${of}}`, values: "0+1x60 60x60 60+1x60" },
        { series: `up{${of}}`, values: "1x200" },
      ],
      expected: [
        { at: "10m", alerts: [] },
        { at: "18m", alerts: firing },
        { at: "25m", alerts: [] },
      ],
    },
    {
      name: "the process cannot be scraped any more",
      alertname,
      input: [
        { series: `forecast_runs_total{${of}}`, values: "0+1x60 stale" },
        { series: `forecast_series{${of}}`, values: "9x60 stale" },
        { series: `up{${of}}`, values: "1x60 0x60 1x60" },
      ],
      expected: [
        { at: "11m", alerts: [] },
        { at: "13m", alerts: firing },
        { at: "24m", alerts: [] },
      ],
    },
    {
      name: "a single scrape fails",
      alertname,
      input: [
        { series: `forecast_series{${of}}`, values: "9x60 _ 9x60" },
        { series: `up{${of}}`, values: "1x60 0 1x60" },
      ],
      expected: ["10m10s", "11m", "13m"].map((at) => ({ at, alerts: [] })),
    },
    {
      name: "the process is no longer a target",
      alertname,
      input: [
        { series: `forecast_runs_total{${of}}`, values: "0+1x60 stale" },
        { series: `forecast_series{${of}}`, values: "9x60 stale" },
        { series: `up{${of}}`, values: "1x60 stale" },
      ],
      expected: ["11m", "13m", "20m"].map((at) => ({ at, alerts: [] })),
    },
    {
      name: "a target that never forecast anything is down",
      alertname,
      input: [{ series: `up{${of}}`, values: "0x120" }],
      expected: ["5m", "20m"].map((at) => ({ at, alerts: [] })),
    },
  ]);
  expect(verdict.status, verdict.said).toBe(0);
});

it("fires when the forecasts of a metric are worse than naive, by the median of its series", (context) => {
  needs(context, promtool);
  const alertname = "OtelForecastWorseThanNaive";
  const error = (instance: string): string =>
    `forecast_error_ratio{job="agents",instance="${instance}",metric="m",horizon="1h"}`;
  const verdict = testRules(generated.groups, [
    {
      name: "fires and resolves",
      alertname,
      input: [
        { series: error("a"), values: "1x30 3x200 0.8x200" },
        { series: error("b"), values: "1x30 2x200 0.8x200" },
        { series: error("c"), values: "0.5x430" },
      ],
      expected: [
        { at: "30m", alerts: [] },
        { at: "36m", alerts: [{ job: "agents", metric: "m", horizon: "1h", severity: "warning" }] },
        { at: "55m", alerts: [] },
      ],
    },
    {
      name: "does not fire for one series among several, nor near 1",
      alertname,
      input: [
        { series: error("a"), values: "50x300" },
        { series: error("b"), values: "1.1x300" },
        { series: error("c"), values: "0.5x300" },
      ],
      expected: ["31m", "45m"].map((at) => ({ at, alerts: [] })),
    },
  ]);
  expect(verdict.status, verdict.said).toBe(0);
});

it("fires when series are dropped", (context) => {
  needs(context, promtool);
  const alertname = "OtelForecastDroppingSeries";
  const dropped = (reason: string): string => `forecast_series_dropped_total{${of},reason="${reason}"}`;
  const verdict = testRules(generated.groups, [
    {
      name: "fires and resolves",
      alertname,
      input: [
        { series: dropped("none"), values: "0x400" },
        { series: dropped("max_series"), values: "_x12 3+3x60 186x330" },
      ],
      expected: [
        { at: "5m", alerts: [] },
        { at: "9m", alerts: [{ ...process, reason: "max_series", severity: "warning" }] },
        { at: "50m", alerts: [] },
      ],
    },
    {
      name: "does not fire while nothing is dropped, nor for what was dropped long ago",
      alertname,
      input: [
        { series: dropped("none"), values: "0x400" },
        { series: dropped("max_series"), values: "7x400" },
      ],
      expected: ["10m", "40m"].map((at) => ({ at, alerts: [] })),
    },
  ]);
  expect(verdict.status, verdict.said).toBe(0);
});
