import { beforeAll, describe, expect, it } from "vitest";
import { type GeneratedRules, generateRules } from "../../src/artifacts/rules/rules.ts";
import { optionsFor } from "../artifacts/options-for.ts";
import { needs, promtool } from "./harness/components.ts";
import { checkRules, type InputSeries, testRules, withDescriptionsAlone } from "./harness/promtool.ts";

const MEMORY = "ai_cloud_memory_usage_percent";
const AGENT = { job: "agents", instance: "a:1", agent: "planner" };
const LABELS = 'job="agents",instance="a:1",agent="planner"';
const HIGH = "OtelForecastAgentMemoryUsageAboveLimit";
const LOW = "OtelForecastAgentSuccessRateBelowLimit";

let generated: GeneratedRules;

beforeAll(async () => {
  generated = await generateRules(optionsFor());
});

function memory(values: string): InputSeries[] {
  return [{ series: `${MEMORY}{${LABELS}}`, values }];
}

/** A share of successes of 0.5, and the tasks that have ended. */
function halfFailed(tasks: string): InputSeries[] {
  return [
    { series: `ai_cloud_success_rate{${LABELS}}`, values: "0.5x60" },
    { series: `ai_cloud_task_duration_seconds_count{${LABELS},task_type="t"}`, values: tasks },
  ];
}

describe("an alert on a level", () => {
  const firing = { ...AGENT, metric: MEMORY, limit: "90%", severity: "critical" };

  it.for([
    ["fires without a forecast, once the level was past the limit for long enough", "95x100", "20s", "40s"],
    ["also if it does not change", "100x100", "20s", "40s"],
  ])("%s", ([, values = "", before = "", after = ""], context) => {
    needs(context, promtool);
    const verdict = testRules(generated.groups, [
      {
        name: "past the limit",
        alertname: HIGH,
        input: memory(values),
        expected: [
          { at: before, alerts: [] },
          { at: after, alerts: [firing] },
        ],
      },
    ]);
    expect(verdict.status, verdict.said).toBe(0);
  });

  it("does not fire at the limit or for a spike, and keeps firing for a while", (context) => {
    needs(context, promtool);
    const verdict = testRules(generated.groups, [
      { name: "at the limit", alertname: HIGH, input: memory("90x60"), expected: [{ at: "9m", alerts: [] }] },
      {
        name: "a spike",
        alertname: HIGH,
        input: memory("50x10 95x1 50x60"),
        expected: ["2m", "2m20s", "4m"].map((at) => ({ at, alerts: [] })),
      },
      {
        name: "flapping",
        alertname: HIGH,
        input: memory(`95x20 ${"50x2 95x2 ".repeat(5)}50x60`),
        expected: [
          { at: "5m", alerts: [firing] },
          { at: "9m", alerts: [firing] },
          { at: "14m", alerts: [] },
        ],
      },
    ]);
    expect(verdict.status, verdict.said).toBe(0);
  });

  it("describes the series in words, with units", async (context) => {
    needs(context, promtool);
    const { groups, text } = await generateRules(optionsFor("test/e2e/rules-level.yaml"));
    const check = checkRules(text);
    expect(check.status, check.said).toBe(0);
    const labels = 'job="agents",instance="a:1",namespace="shop",queue="mail",region="eu"';
    const of = {
      job: "agents",
      instance: "a:1",
      namespace: "shop",
      queue: "mail",
      region: "eu",
      severity: "critical",
    };
    const about = (alertname: string, metric: string, limit: string, value: string, description: string) => ({
      name: alertname,
      alertname,
      input: [{ series: `${metric}{${labels}}`, values: `${value}x30` }],
      expected: [{ at: "3m", alerts: [{ ...of, metric, limit }], description }],
    });
    const verdict = testRules(
      withDescriptionsAlone(groups),
      [
        about(
          "OtelForecastShopCacheSizeBytesAboveLimit",
          "shop_cache_size_bytes",
          "1.5 GiB",
          "2147483648",
          "The shop_cache_size_bytes (queue mail, region eu) on a:1 is 2GiB, above its limit of 1.5 GiB: " +
            "check that this is expected.",
        ),
        about(
          "OtelForecastShopOrdersBelowLimit",
          "shop_orders",
          "20 orders",
          "12",
          "The shop_orders (queue mail, region eu) on a:1 is 12 orders, below its limit of 20 orders: " +
            "check that this is expected.",
        ),
        about(
          "OtelForecastShopPaidShareRatioBelowLimit",
          "shop_paid_share_ratio",
          "75%",
          "0.5",
          "The shop_paid_share_ratio (queue mail, region eu) on a:1 is 50%, below its limit of 75%: " +
            "check that this is expected.",
        ),
      ],
      { keepAnnotations: true },
    );
    expect(verdict.status, verdict.said).toBe(0);
  });

  it("applies a view's limit to its own part of the series", async (context) => {
    needs(context, promtool);
    const { groups } = await generateRules(optionsFor("test/e2e/rules-forecast.yaml"));
    const verdict = testRules(groups, [
      {
        name: "95 percent",
        alertname: HIGH,
        input: ["cache", "planner"].map((agent) => ({
          series: `${MEMORY}{agent="${agent}"}`,
          values: "95x60",
        })),
        expected: [
          { at: "3m", alerts: [{ agent: "planner", metric: MEMORY, limit: "90%", severity: "critical" }] },
        ],
      },
    ]);
    expect(verdict.status, verdict.said).toBe(0);
  });
});

describe("an alert on a share", () => {
  const firing = { ...AGENT, metric: "ai_cloud_success_rate", limit: "95%", severity: "critical" };

  it("needs enough tasks, if they are counted", (context) => {
    needs(context, promtool);
    const verdict = testRules(generated.groups, [
      {
        name: "many tasks",
        alertname: LOW,
        input: halfFailed("0+1x60"),
        expected: [{ at: "8m", alerts: [firing] }],
      },
      {
        name: "few tasks",
        alertname: LOW,
        input: halfFailed("0x30 1x30"),
        expected: [{ at: "8m", alerts: [] }],
      },
      {
        name: "a share that the application records",
        alertname: LOW,
        input: halfFailed("0x30").slice(0, 1),
        expected: [{ at: "8m", alerts: [firing] }],
      },
    ]);
    expect(verdict.status, verdict.said).toBe(0);
  });
});
