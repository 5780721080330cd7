import { expect, it } from "vitest";
import { generateRules } from "../../src/artifacts/rules/rules.ts";
import { optionsFor } from "../artifacts/options-for.ts";
import { needs, promtool } from "./harness/components.ts";
import { checkRules, type InputSeries, testRules, withDescriptionsAlone } from "./harness/promtool.ts";

const metric = "ai_cloud_cost_today";
const of = (agent: string): string => `job="agents",instance="a:1",agent="${agent}"`;

/** An agent that has spent 12 today. Its forecast for midnight is at least `lower`. */
function heading(agent: string, lower: number): InputSeries[] {
  const ahead = `${of(agent)},metric="${metric}"`;
  return [
    { series: `${metric}{${of(agent)}}`, values: "12x60" },
    { series: `forecast_ready{${ahead}}`, values: "1x60" },
    { series: `forecast_day_end{${ahead}}`, values: `${lower + 8}x60` },
    { series: `forecast_day_end_lower{${ahead},level="0.8"}`, values: `${lower}x60` },
    { series: `forecast_time_to_threshold_seconds{${ahead},threshold="50"}`, values: "16800x60" },
  ];
}

it("fires long before an agent exceeds its daily budget, and says when it will", async (context) => {
  needs(context, promtool);
  const { groups, text } = await generateRules(optionsFor("test/e2e/rules-budget.yaml"));
  const check = checkRules(text);
  expect(check.status, check.said).toBe(0);
  const verdict = testRules(
    withDescriptionsAlone(groups),
    [
      {
        name: "one passes its budget, the other does not",
        alertname: "OtelForecastAgentCostTodayHeadingHigh",
        input: [...heading("planner", 60), ...heading("writer", 49)],
        expected: [
          { at: "10m", alerts: [] },
          {
            at: "20m",
            alerts: [
              {
                job: "agents",
                instance: "a:1",
                agent: "planner",
                metric,
                level: "0.8",
                horizon: "midnight",
                limit: "50",
                severity: "warning",
              },
            ],
            description:
              "The daily cost of agent planner on a:1 (ai_cloud_cost_today) is 12 now and forecast to be 68 by midnight, " +
              "at least 60. It goes above 50 in about 4h 40m 0s: look for a loop, take work off or raise its budget.",
          },
        ],
      },
    ],
    { keepAnnotations: true },
  );
  expect(verdict.status, verdict.said).toBe(0);
});
