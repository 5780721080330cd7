import { expect, it } from "vitest";
import { generateRules } from "../../src/artifacts/rules/rules.ts";
import { optionsFor } from "../artifacts/options-for.ts";
import { needs, promtool } from "./harness/components.ts";
import { type InputSeries, testRules } from "./harness/promtool.ts";

const generated = await generateRules(optionsFor());
const durations = 'ai_cloud_task_duration_seconds_count{job="agents",agent="planner",task_type="plan"';
const recovery = "ai_cloud_failure_recovery_duration_seconds";
const planner = { job: "agents", agent: "planner" };

it("fires while an agent fails too often, over all of its processes", (context) => {
  needs(context, promtool);
  const alertname = "OtelForecastAgentSuccessRateLow";
  const firing = [{ ...planner, severity: "critical" }];
  const verdict = testRules(generated.groups, [
    {
      // One process fails all of its few tasks, the other none of its many: 10 % together, 50 % on
      // average.
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
        // The share is within the limit again after 22:30, and stays so for long enough 5 minutes
        // later.
        { at: "25m", alerts: firing },
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
      name: "does not fire for an agent that has a task every two minutes, whatever comes of it",
      alertname,
      input: [
        {
          series: `${durations},instance="a:1",error_type="timeout"}`,
          values: Array.from({ length: 20 }, (_, task) => `${task}x11`).join(" "),
        },
      ],
      expected: ["10m", "20m", "30m"].map((at) => ({ at, alerts: [] })),
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

it("fires when recovery is slow", (context) => {
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
        { at: "10m", alerts: [{ ...planner, severity: "warning" }] },
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

it("fires when failures stay open", (context) => {
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
