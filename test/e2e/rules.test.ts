import { beforeAll, describe, expect, it } from "vitest";
import { catalogueOf } from "../../src/artifacts/catalogue/catalogue.ts";
import { limitedMetrics } from "../../src/artifacts/rules/limits.ts";
import type { AlertingRule } from "../../src/artifacts/rules/rule-file.ts";
import { type GeneratedRules, generateRules } from "../../src/artifacts/rules/rules.ts";
import { optionsFor } from "../artifacts/options-for.ts";
import { needs, promtool } from "./harness/components.ts";
import { headingTimeLines } from "./harness/heading-time-lines.ts";
import { checkRules, type InputSeries, testRules, withDescriptionsAlone } from "./harness/promtool.ts";

const options = optionsFor();
let generated: GeneratedRules;

beforeAll(async () => {
  generated = await generateRules(options);
});

const limited = limitedMetrics(await catalogueOf(options));
const headings = limited.flatMap((metric) =>
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
  it.for(headings)("fires when it must and not otherwise: $name", ({ metric, horizon }, context) => {
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

  it("describes the agent, the metric, its value, its forecast and the time left", (context) => {
    needs(context, promtool);
    const labels = 'job="agents",instance="a:1",agent="planner"';
    const metric = "ai_cloud_memory_usage_percent";
    const verdict = testRules(
      withDescriptionsAlone(generated.groups),
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
                  metric,
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

  it("applies a view's limit to its own part of the series, and the other limit to the rest", async (context) => {
    needs(context, promtool);
    const metric = "ai_cloud_memory_usage_percent";
    const { groups } = await generateRules(optionsFor("test/e2e/rules-forecast.yaml"));
    const verdict = testRules(groups, [
      {
        name: "the others have gone past, the part has not",
        alertname: "OtelForecastAgentMemoryUsageHeadingHigh",
        input: ["cache", "planner"].flatMap((agent) => heading(metric, `agent="${agent}"`, 95)),
        expected: [{ at: "3m", alerts: [{ agent: "planner", limit: "90%", metric, ...FIRING }] }],
      },
      {
        name: "both have",
        alertname: "OtelForecastAgentMemoryUsageHeadingHigh",
        input: ["cache", "planner"].flatMap((agent) => heading(metric, `agent="${agent}"`, 99)),
        expected: [
          {
            at: "3m",
            alerts: [
              { agent: "cache", limit: "98%", metric, ...FIRING },
              { agent: "planner", limit: "90%", metric, ...FIRING },
            ],
          },
        ],
      },
    ]);
    expect(verdict.status, verdict.said).toBe(0);
  });

  it("uses the trend when a metric has no best value", async (context) => {
    needs(context, promtool);
    const metric = "shop_sales_per_second";
    const { groups } = await generateRules(optionsFor("test/e2e/rules-forecast.yaml"));
    const slope = (value: number): InputSeries => ({
      series: `forecast_slope_per_hour{metric="${metric}",shop="a"}`,
      values: `${value}x60`,
    });
    const verdict = testRules(
      groups,
      [
        { name: "falling", slope: -5, alerts: [{ shop: "a", limit: "3 per second", metric, ...FIRING }] },
        { name: "rising", slope: 5, alerts: [] },
      ].map((line) => ({
        name: line.name,
        alertname: "OtelForecastShopSalesPerSecondHeadingLow",
        input: [...heading(metric, 'shop="a"', 1, "upper"), slope(line.slope)],
        expected: [{ at: "3m", alerts: line.alerts }],
      })),
    );
    expect(verdict.status, verdict.said).toBe(0);
  });
});

const FIRING = { horizon: "5m", level: "0.8", severity: "critical" };

/** A metric that changes at 60 while its bound in 5 minutes is past a limit. */
function heading(metric: string, labels: string, bound: number, side = "lower"): InputSeries[] {
  return [
    { series: `${metric}{${labels}}`, values: "60+0.1x60" },
    { series: `${metric}_predicted_${side}{${labels},horizon="5m",level="0.8"}`, values: `${bound}x60` },
    { series: `forecast_ready{${labels},metric="${metric}"}`, values: "1x60" },
    { series: `forecast_error_ratio{${labels},metric="${metric}",horizon="5m"}`, values: "0.5x60" },
  ];
}
