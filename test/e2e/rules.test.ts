import { beforeAll, describe, expect, it } from "vitest";
import { catalogueOf } from "../../src/artifacts/catalogue/catalogue.ts";
import { limitedMetrics } from "../../src/artifacts/rules/limits.ts";
import type { AlertingRule } from "../../src/artifacts/rules/rule-file.ts";
import { type GeneratedRules, generateRules } from "../../src/artifacts/rules/rules.ts";
import { optionsFor } from "../artifacts/options-for.ts";
import { needs, promtool } from "./harness/components.ts";
import { headingTimeLines } from "./harness/heading-time-lines.ts";
import { checkRules, type InputSeries, testRules } from "./harness/promtool.ts";

const options = optionsFor();
let generated: GeneratedRules;

beforeAll(async () => {
  generated = await generateRules(options);
});

const limited = limitedMetrics(await catalogueOf(options));
const heading = limited.flatMap((metric) =>
  metric.horizons.map((horizon) => ({ name: `${metric.metric} in ${horizon.label}`, metric, horizon })),
);

describe("promtool check rules", () => {
  it.for([
    ["the rules of the default views", "", {}],
    ["rules of the example", "examples/self-healing/forecast.yaml", {}],
    [
      "rules of another namespace and of intervals under a second",
      "",
      {
        OTEL_FORECAST_NAMESPACE: "shop",
        OTEL_FORECAST_COLLECTION_INTERVAL: "250",
        OTEL_FORECAST_HORIZONS: "10s,1m,1d",
      },
    ],
  ] as const)("takes %s", async ([, file, environment], context) => {
    needs(context, promtool);
    const { text } = await generateRules(optionsFor(file === "" ? undefined : file, environment));
    const verdict = checkRules(text);
    expect(verdict.status, verdict.said).toBe(0);
  });
});

describe("an alert on a forecast", () => {
  it.for(heading)("tells courses of events apart: $name", ({ metric, horizon }, context) => {
    needs(context, promtool);
    const rule = generated.groups
      .flatMap(({ rules }) => rules)
      .find(
        (one): one is AlertingRule =>
          "alert" in one &&
          one.labels.horizon === horizon.label &&
          one.expr.startsWith(`${metric.metric}_predicted`),
      );
    const timeLines = headingTimeLines(metric, rule as AlertingRule, horizon.label);
    const verdict = testRules(generated.groups, timeLines);
    expect(verdict.status, verdict.said).toBe(0);
  });

  it("names the agent, the metric, now, then and when", (context) => {
    needs(context, promtool);
    const labels = 'job="agents",instance="a:1",agent="planner"';
    const metric = "ai_cloud_memory_usage_percent";
    const verdict = testRules(
      generated.groups.map((group) => ({
        ...group,
        rules: group.rules.map((rule) =>
          "alert" in rule
            ? {
                ...rule,
                annotations: { description: rule.annotations.description } as AlertingRule["annotations"],
              }
            : rule,
        ),
      })),
      [
        {
          name: "description",
          alertname: "OtelForecastAgentMemoryUsageHeadingHigh",
          input: [
            { series: `${metric}{${labels}}`, values: "60+0.1x100" },
            { series: `${metric}{job="agents",instance="b:1",agent="other"}`, values: "10x100" },
            { series: `${metric}_predicted{${labels},horizon="5m"}`, values: "95x100" },
            { series: `${metric}_predicted_lower{${labels},horizon="5m",level="0.8"}`, values: "92x100" },
            { series: `forecast_ready{${labels},metric="${metric}"}`, values: "1x100" },
            { series: `forecast_error_ratio{${labels},metric="${metric}",horizon="5m"}`, values: "0.5x100" },
            {
              series: `forecast_time_to_threshold_seconds{${labels},metric="${metric}",threshold="90"}`,
              values: "200x100",
            },
          ],
          expected: [
            {
              at: "2m",
              alerts: [
                {
                  job: "agents",
                  instance: "a:1",
                  agent: "planner",
                  level: "0.8",
                  horizon: "5m",
                  limit: "90%",
                  severity: "critical",
                },
              ],
              description:
                "The memory use of agent planner on a:1 (ai_cloud_memory_usage_percent) is 61.2% now and forecast to be " +
                "95.0% in 5m, at least 92.0%. It goes above 90% in about 3m 20s: look for a leak and restart it or " +
                "raise its memory limit.",
            },
          ],
        },
      ],
      { keepAnnotations: true },
    );
    expect(verdict.status, verdict.said).toBe(0);
  });
});

describe("alerts on agents now", () => {
  const durations = 'ai_cloud_task_duration_seconds_count{job="agents",agent="planner",task_type="plan"';
  const recovery = "ai_cloud_failure_recovery_duration_seconds";
  const planner = { job: "agents", agent: "planner" };

  it("says when an agent fails too often, by all of its processes together, and when it no longer does", (context) => {
    needs(context, promtool);
    const alertname = "OtelForecastAgentSuccessRateLow";
    const firing = [{ ...planner, severity: "critical" }];
    const verdict = testRules(generated.groups, [
      {
        // One process fails all of its few tasks, the other none of its many: 10 % together, 50 % on average.
        name: "fires and resolves",
        alertname,
        input: [
          { series: `${durations},instance="a:1"}`, values: "0+9x300" },
          { series: `${durations},instance="b:1",error_type="timeout"}`, values: "0+1x120 120x180" },
        ],
        expected: [
          { at: "4m", alerts: [] },
          { at: "6m", alerts: firing },
          { at: "20m", alerts: firing },
          { at: "35m", alerts: [] },
        ],
      },
      {
        name: "does not fire for one failure among few tasks",
        alertname,
        input: [
          { series: `${durations},instance="a:1"}`, values: "0 0 1x300" },
          { series: `${durations},instance="a:1",error_type="timeout"}`, values: "0 0 0 1x300" },
        ],
        expected: ["2m", "5m", "6m", "10m"].map((at) => ({ at, alerts: [] })),
      },
      {
        name: "does not fire for failures within the limit, nor for an agent that has never failed",
        alertname,
        input: [
          { series: `${durations},instance="a:1"}`, values: "0+96x300" },
          { series: `${durations},instance="a:1",error_type="timeout"}`, values: "0+4x300" },
          { series: durations.replace("planner", "other").concat(',instance="a:1"}'), values: "0+9x300" },
        ],
        expected: ["6m", "20m"].map((at) => ({ at, alerts: [] })),
      },
      {
        name: "does not fire for a burst of failures that is over soon",
        alertname,
        input: [
          { series: `${durations},instance="a:1"}`, values: "0+9x300" },
          { series: `${durations},instance="a:1",error_type="timeout"}`, values: "0x60 0 5x240" },
        ],
        expected: ["11m", "15m", "16m", "20m"].map((at) => ({ at, alerts: [] })),
      },
      {
        name: "resolves for an agent that is gone, whose last rate stands on",
        alertname,
        input: [
          { series: `${durations},instance="a:1",error_type="timeout"}`, values: "0+2x60 stale" },
          {
            series: 'ai_cloud_task_success_rate{job="agents",agent="planner",instance="a:1"}',
            values: "0x300",
          },
        ],
        expected: [
          { at: "10m", alerts: firing },
          { at: "22m", alerts: [] },
        ],
      },
    ]);
    expect(verdict.status, verdict.said).toBe(0);
  });

  it("says when recovery takes long", (context) => {
    needs(context, promtool);
    const alertname = "OtelForecastAgentRecoverySlow";
    const of = 'job="agents",agent="planner",instance="a:1",failure_type="crash"';
    const recoveries = (each: number): InputSeries[] => [
      { series: `${recovery}_sum{${of}}`, values: `0 0+${each}x12 ${13 * each}x200` },
      { series: `${recovery}_count{${of}}`, values: "0 0+1x12 13x200" },
    ];
    const verdict = testRules(generated.groups, [
      {
        name: "fires and resolves",
        alertname,
        input: recoveries(400),
        expected: [
          { at: "2m", alerts: [{ ...planner, severity: "warning" }] },
          { at: "18m", alerts: [] },
        ],
      },
      {
        name: "does not fire when recovery is quick",
        alertname,
        input: recoveries(250),
        expected: ["1m", "2m", "5m"].map((at) => ({ at, alerts: [] })),
      },
    ]);
    expect(verdict.status, verdict.said).toBe(0);
  });

  it("says when failures stay open", (context) => {
    needs(context, promtool);
    const alertname = "OtelForecastAgentFailuresOpen";
    const open = 'ai_cloud_open_failures{job="agents",agent="planner",instance="a:1"}';
    const verdict = testRules(generated.groups, [
      {
        name: "fires and resolves",
        alertname,
        input: [{ series: open, values: "0x5 2x120 0x20" }],
        expected: [
          { at: "15m", alerts: [] },
          { at: "17m", alerts: [{ ...planner, severity: "warning" }] },
          { at: "22m", alerts: [] },
        ],
      },
      {
        name: "does not fire for failures that are recovered from, one after the other",
        alertname,
        input: [{ series: open, values: "0x5 1x30 0 1x60 0 1x60 0x20" }],
        expected: ["16m", "20m", "26m"].map((at) => ({ at, alerts: [] })),
      },
      {
        name: "does not fire for an agent that vanishes with an open failure",
        alertname,
        input: [{ series: open, values: "0x5 1x30 stale" }],
        expected: ["16m", "25m"].map((at) => ({ at, alerts: [] })),
      },
    ]);
    expect(verdict.status, verdict.said).toBe(0);
  });
});

describe("alerts on the forecaster", () => {
  const of = 'job="agents",instance="a:1"';
  const process = { job: "agents", instance: "a:1" };

  it("says when it stops, and not when its process is taken down in good order", (context) => {
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

  it("says when forecasts of a metric are worse than naive, by the median of its series", (context) => {
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

  it("says when series are dropped", (context) => {
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
});
