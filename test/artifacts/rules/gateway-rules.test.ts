import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { generateGatewayRules } from "../../../src/artifacts/rules/gateway-rules.ts";
import type { AlertingRule, RuleGroup } from "../../../src/artifacts/rules/rule-file.ts";
import { generateRules, RUNBOOKS_URL } from "../../../src/artifacts/rules/rules.ts";
import { FULL_FILE, gatewayFor } from "../gateway-for.ts";
import { optionsFor } from "../options-for.ts";

const root = resolve(import.meta.dirname, "../../..");
const full = await generateGatewayRules(gatewayFor(FULL_FILE));

function alertsOf(groups: readonly RuleGroup[]): AlertingRule[] {
  return groups.flatMap(({ rules }) => rules).filter((rule): rule is AlertingRule => "alert" in rule);
}

async function rulesOf(content: string): Promise<AlertingRule[]> {
  return alertsOf((await generateGatewayRules(gatewayFor(content))).groups);
}

function named(alerts: readonly AlertingRule[], name: string): AlertingRule[] {
  return alerts.filter(({ alert }) => alert === `OtelForecast${name}`);
}

function expressionsOf(alerts: readonly AlertingRule[], name: string): string[] {
  return named(alerts, name).map(({ expr }) => expr);
}

const alerts = alertsOf(full.groups);

it("is a rule file with the generated rules", () => {
  expect(parse(full.text)).toEqual({ groups: full.groups });
  expect(full.remarks).toEqual([]);
});

it("gives every alert a severity, a static summary and a runbook that names it", () => {
  expect(alerts.length).toBeGreaterThan(20);
  for (const { alert, labels, annotations } of alerts) {
    expect(["critical", "warning"]).toContain(labels.severity);
    expect(annotations.summary).not.toContain("{{");
    expect(annotations.description).toContain("{{ $");
    const page = resolve(root, "docs/runbooks", annotations.runbook_url.slice(RUNBOOKS_URL.length + 1));
    expect(existsSync(page), page).toBe(true);
    const shown = alert.replace(
      /^OtelForecast.*(?=Heading|Path(High|Low)|(Above|Below)Limit)/,
      "OtelForecast…",
    );
    expect(readFileSync(page, "utf8")).toContain(`\`${shown}\``);
  }
});

it("has no group in common with the rules of processes", async () => {
  const ofProcess = (await generateRules(optionsFor())).groups.map(({ name }) => name);
  const ofGateway = full.groups.map(({ name }) => name);
  expect(ofGateway.filter((name) => ofProcess.includes(name))).toEqual([]);
  expect(new Set(ofGateway).size).toBe(ofGateway.length);
});

describe("an alert on a threshold", () => {
  it("does not ask whether the metric has changed: what is pulled every few minutes has not", () => {
    const heading = alerts.filter(({ alert }) => /Heading(High|Low)$/.test(alert));
    expect(heading).toHaveLength(6);
    for (const { expr } of heading) {
      expect(expr).not.toContain("changes(");
      expect(expr).toContain("forecast_ready{");
      expect(expr).toContain("forecast_error_ratio{");
    }
  });

  it("compares a level that others sent with nothing but its forecasts: it may have other labels", async () => {
    const bounded = (name: string): string => `
views: [{ instrument: depth, number: level, unit: "", bounds: { lower: 0, upper: 100 }${name}, threshold: { above: 80 } }]`;
    const [sent] = named(await rulesOf(bounded("")), "DepthHeadingHigh");
    expect(sent?.expr).toContain("and ignoring (horizon, level, metric) forecast_slope_per_hour{");
    expect(sent?.annotations.description).not.toContain('query (printf "depth{');
    const [own] = named(await rulesOf(bounded(", name: own")), "OwnHeadingHigh");
    expect(own?.expr).toContain("and ignoring (horizon, level) own > 40\n");
    expect(own?.annotations.description).toContain('query (printf "own{');
  });

  it("takes the level of a query for published, whichever view comes first", async () => {
    const rules = await rulesOf(`
sources: [{ prometheus: "http://localhost:9090", queries: { load: node_load1 } }]
views: [{ instrument: load, number: level, bounds: { lower: 0, upper: 8 }, threshold: { above: 6 } }]`);
    expect(expressionsOf(rules, "LoadHeadingHigh")[0]).toContain("and ignoring (horizon, level) load > 3\n");
    expect(expressionsOf(rules, "LoadAboveLimit")).toEqual(["load > 6"]);
  });

  it("has the level itself, as the view sums it", async () => {
    expect(expressionsOf(alerts, "DiskUsedRatioAboveLimit")).toEqual(["disk_used_ratio > 0.9"]);
    expect(expressionsOf(alerts, "QueueSizeAboveLimit")).toEqual(["queue_size > 100"]);
    expect(expressionsOf(alerts, "HttpRequestsPerSecondBelowLimit")).toEqual([
      "http_requests_per_second < 1",
    ]);
    const grouped = await rulesOf(`
sources: [{ prometheus: "http://localhost:9090", queries: { load: node_load1 } }]
views:
  - { instrument: load, number: level, by: [job, cloud.region], threshold: { above: 9 } }
  - { instrument: depth, number: level, unit: "", where: { job: "api*" }, threshold: { above: 5 } }`);
    expect(expressionsOf(grouped, "LoadAboveLimit")).toEqual(["sum by (job, cloud_region) (load) > 9"]);
    expect(expressionsOf(grouped, "DepthAboveLimit")).toEqual(['depth{job=~"api.*"} > 5']);
  });
});

it("has no alert on what only a process measures of itself", async () => {
  const rules = await rulesOf("");
  expect(rules.length).toBeGreaterThan(5);
  expect(rules.filter(({ labels }) => labels.metric !== undefined)).toEqual([]);
});

describe("an alert on a path", () => {
  it("looks from now to the longest horizon, at the nearer bound, and survives a restart", () => {
    const [high] = named(alerts, "DiskUsedRatioPathHigh");
    expect(high?.expr).toBe(
      'max without (forecast, level) (max_over_time(disk_used_ratio{forecast="lower"}[6h] offset -6h)) > 0.9',
    );
    expect(high).toMatchObject({ for: "15m", keep_firing_for: "15m" });
    expect(high?.labels).toMatchObject({ severity: "warning", horizon: "6h", metric: "disk_used_ratio" });
    expect(expressionsOf(alerts, "HttpRequestsPerSecondPathLow")).toEqual([
      'min without (forecast, level) (min_over_time(http_requests_per_second{forecast="upper"}[6h] offset -6h)) < 1',
    ]);
  });

  it("leaves out the series of an earlier view", async () => {
    const rules = await rulesOf(`
outputs: { remoteRead: {} }
horizons: [1h]
views:
  - { instrument: depth, number: level, unit: "", where: { job: api }, threshold: { above: 5 } }
  - { instrument: depth, number: level, unit: "", threshold: { above: 9 } }`);
    const path = (job: string): string =>
      `max without (forecast, level) (max_over_time(depth{forecast="lower"${job}}[1h] offset -1h))`;
    expect(expressionsOf(rules, "DepthPathHigh")).toEqual([
      `${path(',job="api"')} > 5`,
      `${path("")} > 9\nunless ${path(',job="api"')}`,
    ]);
  });

  it("is there only if paths can be read", async () => {
    const rules = await rulesOf("thresholds: { depth: { above: 5 } }");
    expect(rules.filter(({ alert }) => /Path(High|Low)$/.test(alert))).toEqual([]);
    expect(named(rules, "DepthHeadingHigh")).toHaveLength(2);
  });
});

describe("an alert on the gateway itself", () => {
  it("knows the job and the number of members", async () => {
    expect(expressionsOf(alerts, "GatewayDown")).toEqual([
      'up{job="gw"} == 0\nor absent(up{job="gw"})\nor count by (job) (up{job="gw"}) < 3',
    ]);
    expect(expressionsOf(await rulesOf(""), "GatewayDown")).toEqual([
      'up{job="gw"} == 0\nor absent(up{job="gw"})',
    ]);
  });

  it("takes forecasts for old after five intervals, and after a minute at least", async () => {
    expect(expressionsOf(alerts, "GatewayStalled")[0]).toMatch(/_age_seconds > 150\n/);
    expect(expressionsOf(await rulesOf("interval: 1s"), "GatewayStalled")[0]).toMatch(/_age_seconds > 60\n/);
  });

  it("knows the limits of streams and series", async () => {
    const limits = await rulesOf("limits: { series: 500, streams: 1000 }");
    expect(expressionsOf(limits, "GatewayStreamsNearLimit")).toEqual(["forecast_gateway_streams > 800"]);
    expect(expressionsOf(limits, "GatewaySeriesNearLimit")[0]).toMatch(/^forecast_series > 400 and /);
    expect(expressionsOf(await rulesOf("limits: { series: 500 }"), "GatewayStreamsNearLimit")).toEqual([
      "forecast_gateway_streams > 1600",
    ]);
    // The limit is that of each tenant, who has a line of its own.
    const tenants = await rulesOf("tenants: { header: x-scope-orgid, label: team }");
    expect(named(tenants, "GatewayStreamsNearLimit")).toMatchObject([
      { annotations: { description: expect.stringContaining("streams of the tenant {{ $labels.team }}. ") } },
    ]);
  });

  it("waits twice as long as a backfill may take", async () => {
    expect(named(alerts, "GatewayBackfillUnfinished")).toMatchObject([{ for: "20m" }]);
    const sources = [5, 40].map(
      (minutes) => `{ prometheus: "http://p:9090", backfill: { timeLimit: ${minutes}m } }`,
    );
    const slow = await rulesOf(`sources: [${sources}]`);
    expect(named(slow, "GatewayBackfillUnfinished")).toMatchObject([{ for: "1h20m" }]);
    expect(named(await rulesOf(""), "GatewayBackfillUnfinished")).toEqual([]);
  });

  it("does not call a source silent between two of its queries", async () => {
    const rules = await rulesOf(
      'sources: [{ prometheus: "http://p:9090", interval: 10m, queries: { load: x } }]',
    );
    expect(expressionsOf(rules, "GatewayReceivingNothing")[0]).toContain("[30m]");
    expect(expressionsOf(alerts, "GatewayReceivingNothing")[0]).toContain("[10m]");
  });

  it("is there for outputs only if forecasts are handed on", async () => {
    expect(named(alerts, "GatewayOutputFailing")).toHaveLength(1);
    expect(named(await rulesOf("outputs: { remoteRead: {} }"), "GatewayOutputFailing")).toEqual([]);
  });

  it("is there for Kafka only if something is read from it", async () => {
    const kafka = "receivers: { kafka: { brokers: ['k:9092'], topic: t } }";
    const rules = await rulesOf(`state: { directory: /s }\n${kafka}`);
    expect(expressionsOf(rules, "GatewayKafkaLagging")).toEqual([
      "min_over_time(forecast_gateway_kafka_lag[10m]) > 0\nand delta(forecast_gateway_kafka_lag[10m]) > 0",
    ]);
    expect(named(await rulesOf("receivers: { otlp: {} }"), "GatewayKafkaLagging")).toEqual([]);
  });
});
