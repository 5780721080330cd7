import { expect, it } from "vitest";
import { generateRules } from "../../src/artifacts/rules/rules.ts";
import { optionsFor } from "../artifacts/options-for.ts";
import { needs, promtool } from "./harness/components.ts";
import { type InputSeries, testRules } from "./harness/promtool.ts";

const { groups } = await generateRules(optionsFor());
const tasks = "ai_cloud_task_duration_seconds";
const recoveries = "ai_cloud_failure_recovery_duration_seconds";

/**
 * A histogram of a process that grows by so many tasks a sample, all up to 1 s, or all from 1 to 2
 * s.
 */
function durations(labels: string, perSample: number, upTo: 1 | 2): InputSeries[] {
  const grows = `0+${perSample}x60`;
  return [
    { series: `${tasks}_bucket{${labels},le="1"}`, values: upTo === 1 ? grows : "0x60" },
    { series: `${tasks}_bucket{${labels},le="2"}`, values: grows },
    { series: `${tasks}_bucket{${labels},le="+Inf"}`, values: grows },
    { series: `${tasks}_count{${labels}}`, values: grows },
  ];
}

it("computes percentiles from the summed histograms of all processes", (context) => {
  needs(context, promtool);
  const of = (instance: string) => `job="agents",agent="planner",instance="${instance}"`;
  const verdict = testRules(groups, [
    {
      // 98 of 100 tasks take up to 1 s, so their 95th percentile is below it: 95/98, by linear
      // interpolation. The mean of the two processes' own, 0.95 and 1.95, would be 1.45.
      name: "a busy process that is quick and an idle one that is slow",
      input: [...durations(of("a:1"), 98, 1), ...durations(of("b:1"), 2, 2)],
      queries: [
        {
          expr: `round(job_agent:${tasks}:p95_rate5m, 0.0001)`,
          at: "8m",
          samples: { '{job="agents",agent="planner"}': 0.9694 },
        },
        {
          expr: `round(job:${tasks}:p99_rate5m, 0.0001)`,
          at: "8m",
          samples: { '{job="agents"}': 1.5 },
        },
        {
          expr: `job_agent:${tasks}_count:rate5m`,
          at: "8m",
          samples: { [`job_agent:${tasks}_count:rate5m{job="agents",agent="planner"}`]: 10 },
        },
      ],
    },
  ]);
  expect(verdict.status, verdict.said).toBe(0);
});

it("has shares of all tasks, means of all recoveries and sums of all open work", (context) => {
  needs(context, promtool);
  const of = (agent: string, instance: string) => `job="agents",agent="${agent}",instance="${instance}"`;
  const verdict = testRules(groups, [
    {
      name: "two processes of one agent, and an agent that never fails",
      input: [
        { series: `${tasks}_count{${of("planner", "a:1")}}`, values: "0+9x60" },
        { series: `${tasks}_count{${of("planner", "b:1")},error_type="timeout"}`, values: "0+1x60" },
        { series: `${tasks}_count{${of("flawless", "a:1")}}`, values: "0+3x60" },
        { series: `${tasks}_count{${of("idle", "a:1")}}`, values: "7x60" },
        { series: `${recoveries}_sum{${of("planner", "a:1")}}`, values: "0+30x60" },
        { series: `${recoveries}_count{${of("planner", "a:1")}}`, values: "0+3x60" },
        { series: `${recoveries}_sum{${of("planner", "b:1")}}`, values: "0+50x60" },
        { series: `${recoveries}_count{${of("planner", "b:1")}}`, values: "0+1x60" },
        { series: `ai_cloud_open_failures{${of("planner", "a:1")}}`, values: "2x60" },
        { series: `ai_cloud_open_failures{${of("planner", "b:1")}}`, values: "3x60" },
      ],
      queries: [
        {
          expr: `round(job_agent:${tasks}_count:success_ratio_rate5m, 0.0001)`,
          at: "8m",
          samples: { '{job="agents",agent="planner"}': 0.9, '{job="agents",agent="flawless"}': 1 },
        },
        {
          expr: `round(job_agent:${recoveries}:mean_rate5m, 0.0001)`,
          at: "8m",
          samples: { '{job="agents",agent="planner"}': 20 },
        },
        {
          expr: "job_agent:ai_cloud_open_failures:sum",
          at: "8m",
          samples: { 'job_agent:ai_cloud_open_failures:sum{job="agents",agent="planner"}': 5 },
        },
      ],
    },
  ]);
  expect(verdict.status, verdict.said).toBe(0);
});
