import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import type { AlertingRule } from "../../../src/artifacts/rules/rule-file.ts";
import { generateRules, RUNBOOKS_URL } from "../../../src/artifacts/rules/rules.ts";
import { optionsFor } from "../options-for.ts";

const root = resolve(import.meta.dirname, "../../..");
const { groups, text } = await generateRules(optionsFor());
const alerts = groups.flatMap(({ rules }) => rules).filter((rule): rule is AlertingRule => "alert" in rule);

it("is a rule file with the generated rules", () => {
  expect(parse(text)).toEqual({ groups });
});

it("gives every alert a name with the prefix, a severity, a static summary and a runbook that names it", () => {
  expect(alerts.length).toBeGreaterThan(10);
  for (const { alert, labels, annotations } of alerts) {
    expect(alert).toMatch(/^OtelForecast[A-Z][A-Za-z0-9]+$/);
    expect(["critical", "warning"]).toContain(labels.severity);
    expect(annotations.summary).not.toContain("{{");
    expect(annotations.description).toContain("{{ $");
    expect(annotations.runbook_url.startsWith(`${RUNBOOKS_URL}/`)).toBe(true);
    const page = resolve(root, "docs/runbooks", annotations.runbook_url.slice(RUNBOOKS_URL.length + 1));
    expect(existsSync(page), page).toBe(true);
    const named = alert.replace(/^OtelForecast.*(?=Heading|(Above|Below)Limit)/, "OtelForecast…");
    expect(readFileSync(page, "utf8")).toContain(`\`${named}\``);
  }
});

it("has all five conditions, for and keep_firing_for in every alert on a forecast", () => {
  const heading = alerts.filter(({ alert }) => /Heading(High|Low)$/.test(alert));
  expect(heading.length).toBe(20);
  for (const rule of heading) {
    expect(rule.expr).toMatch(/^\w+_predicted_(lower\{.*\} > |upper\{.*\} < )[\d.]+\n/);
    expect(rule.expr).toMatch(/\nand ignoring \(horizon, level\) \w+ [<>] [\d.]+\n/);
    expect(rule.expr).toContain("changes(");
    expect(rule.expr).toContain("forecast_ready{");
    expect(rule.expr).toMatch(/ \(forecast_error_ratio\{.*\} or forecast_backtest_error_ratio\{.*\}\) < 1$/);
    expect(rule.for).not.toBe("0s");
    expect(rule.keep_firing_for).toMatch(/^\d+m/);
  }
});

it("has an alert on the level beside every alert on a forecast, with the same limit and direction", () => {
  const heading = alerts.filter(({ labels }) => labels.horizon === "5m");
  const levels = alerts.filter(({ alert }) => /(Above|Below)Limit$/.test(alert));
  expect(levels.length).toBe(heading.length);
  for (const [index, rule] of levels.entries()) {
    const ahead = heading[index] as AlertingRule;
    const { metric = "", limit } = ahead.labels;
    expect(rule.labels).toEqual({ severity: "critical", metric, limit });
    const [past = "", number] = /([<>]) ([\d.]+)$/m.exec(ahead.expr)?.slice(1) ?? [];
    expect(rule.expr.split("\n")[0]).toBe(`${metric} ${past} ${number}`);
    expect(rule.alert.endsWith("AboveLimit")).toBe(past === ">");
    expect(rule.annotations.summary).toMatch(/ is (above|below) its limit$/);
    expect([rule.for, rule.keep_firing_for]).toEqual([ahead.for, ahead.keep_firing_for]);
  }
});

it("waits a tenth of the horizon, at least two collections and at most 15 minutes", async () => {
  const environment = { OTEL_FORECAST_HORIZONS: "1m,1h,1d", OTEL_FORECAST_INTERVAL: "60000" };
  const others = (await generateRules(optionsFor(undefined, environment))).groups;
  const patience = others
    .flatMap(({ rules }) => rules)
    .filter((rule): rule is AlertingRule => "alert" in rule && rule.alert.includes("SystemCpuUsageHeading"))
    .map((rule) => [rule.labels.horizon, rule.for, rule.keep_firing_for, rule.labels.severity]);
  expect(patience).toEqual([
    ["1m", "20s", "1m", "critical"],
    ["1h", "6m", "6m", "warning"],
    ["1d", "15m", "15m", "warning"],
  ]);
});

it("never averages a percentile", () => {
  expect(text).not.toMatch(/\bavg\b/);
  expect(text).toContain(
    "histogram_quantile(0.95, job_agent_le:ai_cloud_task_duration_seconds_bucket:rate5m)",
  );
});

it("uses the thresholds of the configuration, separately for the agents of a view and for the others", async () => {
  const { groups: own } = await generateRules(optionsFor("test/artifacts/rules/limits.yaml"));
  const expressions = own
    .flatMap(({ rules }) => rules)
    .filter((rule) => "alert" in rule)
    .map(({ expr }) => expr);
  const first = (start: string): string | undefined => expressions.find((expr) => expr.startsWith(start));
  const memory = "ai_cloud_memory_usage_percent_predicted_lower";
  expect(first(`${memory}{horizon="15s",level="0.8",agent="leaky-service"} > 85\n`)).toContain(
    "ai_cloud_memory_usage_percent > 42.5",
  );
  expect(first(`${memory}{horizon="1h",level="0.8"} > 90\n`)).toContain(
    `unless ${memory}{horizon="1h",level="0.8",agent="leaky-service"}\n`,
  );
  expect(first('ai_cloud_task_success_rate_predicted_upper{horizon="5m",level="0.8"} < 0.99\n')).toContain(
    "ai_cloud_task_success_rate < 0.995",
  );
  expect(first("job_agent:ai_cloud_task_duration_seconds_count:success_ratio_rate5m < 0.99\n")).toBeDefined();
});

it("links to runbooks at another address if given", async () => {
  const { text: other } = await generateRules(optionsFor(), "https://wiki.example/runbooks/");
  expect(other).toContain("runbook_url: https://wiki.example/runbooks/heading-past-limit.md");
  expect(other).not.toContain(RUNBOOKS_URL);
});

it("does not call a rise past the limit good", async () => {
  const { groups: limited } = await generateRules(
    optionsFor(resolve(import.meta.dirname, "limits-below.yaml")),
  );
  const advice = limited
    .flatMap(({ rules }) => rules)
    .filter((rule): rule is AlertingRule => "alert" in rule && rule.alert.endsWith("HeadingLow"))
    .map(({ annotations }) => annotations.description.split(": ").at(-1));
  expect(advice).not.toContain("no action is needed.");
  expect(advice).toContain("check that this is expected.");
  expect(advice).toContain("check whether less work comes in or it has got stuck.");
});

it("calls a sum over agents one of all agents", async () => {
  const file = resolve(import.meta.dirname, "over-everything.yaml");
  const rules = (await generateRules(optionsFor(file))).groups.flatMap((group) => group.rules);
  const sums = rules.filter(
    (rule): rule is AlertingRule => "alert" in rule && rule.labels.metric?.startsWith("budget_") === true,
  );
  expect(sums.length).toBeGreaterThan(3);
  for (const { annotations } of sums) {
    expect(annotations.summary).toContain(" of all agents ");
    expect(annotations.description).toContain(" of all agents");
    expect(`${annotations.summary}${annotations.description}`).not.toContain("of the system");
  }
});

it("reads an address of many slashes in linear time", async () => {
  const slashes = "/".repeat(2 ** 20);
  const { groups: own } = await generateRules(optionsFor(), `https://wiki${slashes}x${slashes}`);
  const [alert] = own.flatMap(({ rules }) => rules).filter((rule) => "alert" in rule);
  expect(alert?.annotations.runbook_url.startsWith(`https://wiki${slashes}x/`)).toBe(true);
  expect(alert?.annotations.runbook_url.length).toBeLessThan(slashes.length + 100);
});
