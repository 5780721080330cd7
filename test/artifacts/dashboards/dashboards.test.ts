import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { describe, expect, it } from "vitest";
import {
  describeDashboards,
  describeGatewayDashboards,
} from "../../../src/artifacts/dashboards/dashboards.ts";
import { GATEWAY } from "../../../src/artifacts/metric-names.ts";
import { FULL_FILE, gatewayFor } from "../gateway-for.ts";
import { optionsFor } from "../options-for.ts";
import { dashboards, panelsOf, targetsOf } from "./generated-dashboards.ts";

describe.for(dashboards)("$name", ({ name: file, dashboard }) => {
  it("can be provisioned: it has a uid, a tag, no id, and a time range into the future", () => {
    expect(dashboard.uid).toMatch(/^otel-forecast-[a-z]+$/);
    expect(dashboard.id).toBeNull();
    expect(dashboard.tags).toEqual(["otel-forecast"]);
    expect(dashboard.time).toEqual({ from: "now-6h", to: "now+1h" });
  });

  it("has variables for data source, job, agent and horizon, and uses no others", () => {
    const names = (dashboard.templating.list ?? []).map(({ name }) => name);
    const agents = file === "gateway.json" ? [] : ["agent"];
    expect(names.slice(0, 3 + agents.length)).toEqual(["datasource", "job", ...agents, "horizon"]);
    const used = [...JSON.stringify(panelsOf(dashboard)).matchAll(/\$\{?(\w+)/g)].map(([, name]) => name);
    expect(used.filter((name) => name !== "__rate_interval" && !names.includes(name as string))).toEqual([]);
  });

  it("has panels with ids that do not overlap", () => {
    const panels = panelsOf(dashboard);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = new Set<string>();
    for (const { title, gridPos } of panels) {
      if (gridPos === undefined) throw new Error(`${title} has no place`);
      const { x, y, w, h } = gridPos;
      expect(x + w, title).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column++) {
        for (let line = y; line < y + h; line++) {
          expect(cells.has(`${column},${line}`), `${title} lies over another panel`).toBe(false);
          cells.add(`${column},${line}`);
        }
      }
    }
  });

  it("queries the chosen data source in every panel, has titles and descriptions, and never averages a percentile", () => {
    const panels = panelsOf(dashboard).filter((panel) => panel.type !== "row") as Panel[];
    expect(panels.length).toBeGreaterThan(8);
    for (const panel of panels) {
      expect(panel.title).toBeTruthy();
      expect(panel.description).toBeTruthy();
      expect(panel.datasource).toEqual({ type: "prometheus", uid: "$datasource" });
      expect(targetsOf(panel).length).toBeGreaterThan(0);
      for (const { expr } of targetsOf(panel)) expect(expr).not.toMatch(/avg.*(latency|duration)/);
    }
  });

  it("gives every query of a panel its own letter", () => {
    for (const panel of panelsOf(dashboard)) {
      const letters = targetsOf(panel).map(({ refId }) => refId);
      expect(new Set(letters).size).toBe(letters.length);
    }
  });
});

it("draws every forecast at the time that it predicts, between its bounds", async () => {
  const specs = await describeDashboards(optionsFor());
  const queries = specs.flatMap(({ rows }) =>
    rows.flatMap(({ panels }) => panels.flatMap((it) => it.queries)),
  );
  const predicted = queries.filter(({ expr }) => expr.includes("_predicted"));
  expect(predicted.length).toBeGreaterThan(60);
  for (const { expr } of predicted) expect(expr).toMatch(/\[\$__rate_interval\] offset \$horizon\)/);
  const agent = dashboards.find(({ name }) => name === "agent.json")?.dashboard;
  const memory = panelsOf(agent as Dashboard).find(({ title }) => title === "Memory use") as Panel;
  expect(targetsOf(memory).map(({ expr }) => /\((ai_cloud_\w+)\{/.exec(expr)?.[1])).toEqual([
    "ai_cloud_memory_usage_percent",
    "ai_cloud_memory_usage_percent_predicted",
    "ai_cloud_memory_usage_percent_predicted_lower",
    "ai_cloud_memory_usage_percent_predicted_upper",
  ]);
  const band = memory.fieldConfig?.overrides.find(({ matcher }) => matcher.options === "/upper bound$/");
  expect(band?.properties).toContainEqual({ id: "custom.fillBelowTo", value: "lower bound" });
  const rangeOf = (title: string) => {
    const panel = panelsOf(agent as Dashboard).find((it) => it.title === title) as Panel;
    const { custom, max } = panel.fieldConfig?.defaults ?? {};
    return [custom.axisSoftMin, max];
  };
  expect([rangeOf("Memory use"), rangeOf("P95 latency")]).toEqual([
    [0, 100],
    [0, undefined],
  ]);
});

it("shows rates of success near 1 and rates of failure near 0, where they are", () => {
  const axes = (file: string, title: string) =>
    dashboards
      .filter(({ name }) => name === file)
      .flatMap(({ dashboard }) => panelsOf(dashboard).filter((panel) => panel.title === title))
      .map((panel) => {
        const { custom, max } = (panel as Panel).fieldConfig?.defaults ?? {};
        return [custom.axisSoftMin, custom.axisSoftMax, max];
      });
  const nearOne = [[0.9, undefined, 1]];
  for (const title of ["Success rate of attempts", "Task success rate"])
    expect(axes("agent.json", title)).toEqual(nearOne);
  for (const title of ["Task success rate", "Task success rate in $horizon"])
    expect(axes("fleet-overview.json", title)).toEqual(nearOne);
  // The limit, 0.05, is in the middle.
  expect(axes("fleet-overview.json", "Error rate")).toEqual([[0, 0.1, undefined]]);
});

it("shows the worst of several processes: the lowest success, the highest latency", async () => {
  const [, agent] = await describeDashboards(optionsFor());
  const of = (metric: string) =>
    agent?.rows
      .flatMap(({ panels }) => panels.flatMap(({ queries }) => queries))
      .find(({ expr }) => expr.includes(`(${metric}{`))?.expr;
  expect(of("ai_cloud_task_success_rate")).toMatch(/^min \(/);
  expect(of("ai_cloud_latency_p95_seconds")).toMatch(/^max \(/);
});

it("shows metrics of the application that the configuration names, up to the longest horizon", async () => {
  const [fleet] = await describeDashboards(
    optionsFor("test/artifacts/dashboards/application.yaml", { OTEL_FORECAST_HORIZONS: "1d,30m" }),
  );
  expect(fleet?.rows.find(({ title }) => title === "Application")?.panels.map(({ title }) => title)).toEqual([
    "shop_baskets",
  ]);
  expect(fleet).toMatchObject({ from: "now-48h", to: "now+1d" });
  expect(fleet?.variables.find(({ name }) => name === "horizon")?.initial).toBe("30m");
});

describe("the dashboards of a gateway", () => {
  it("show every metric of Kafka, if the gateway reads from it", async () => {
    const kafka = "state: { directory: /s }\nreceivers: { kafka: { brokers: ['k:9092'], topic: t } }";
    const rowOf = async (content: string) =>
      (await describeGatewayDashboards(gatewayFor(content)))[0]?.rows.find(({ title }) => title === "Kafka");
    expect(await rowOf(FULL_FILE)).toBeUndefined();
    const queries = JSON.stringify(await rowOf(kafka));
    const ofKafka = Object.entries(GATEWAY).filter(([key]) => key.startsWith("kafka"));
    expect(ofKafka).toHaveLength(4);
    for (const [, metric] of ofKafka) expect(queries).toContain(`${metric}{job=~\\"$job\\"}`);
  });

  it("show each threshold, from where its series is measured", async () => {
    const [gateway] = await describeGatewayDashboards(gatewayFor(FULL_FILE));
    const panels = gateway?.rows.find(({ title }) => title === "Thresholds")?.panels.slice(1) ?? [];
    expect(panels.map(({ queries, limit }) => [queries[0]?.expr, limit?.value])).toEqual([
      ["max (last_over_time(disk_used_ratio[$__rate_interval]))", 0.9],
      ["max (queue_size)", 100],
      ["max (last_over_time(http_requests_per_second[$__rate_interval]))", 1],
    ]);
    for (const { queries } of panels) expect(queries.map(({ expr }) => expr).join()).not.toContain("$job");
  });

  it("draw the limits of the file, for each tenant if there are tenants", async () => {
    const limitOf = async (content: string, title: string): Promise<number | undefined> => {
      const [gateway] = await describeGatewayDashboards(gatewayFor(content));
      const panels = gateway?.rows.flatMap((row) => row.panels) ?? [];
      return panels.findLast((panel) => panel.title === title)?.limit?.value;
    };
    expect(await limitOf("limits: { series: 7, streams: 9 }", "Series")).toBe(7);
    expect(await limitOf("limits: { series: 7, streams: 9 }", "Streams")).toBe(9);
    const ofTenants = "tenants: { header: x-tenant, label: team }\nlimits: { streams: 9 }";
    expect(await limitOf(ofTenants, "Streams")).toBe(9);
    const [{ rows } = { rows: [] }] = await describeGatewayDashboards(gatewayFor(ofTenants));
    const drawn = rows
      .flatMap(({ panels }) => panels)
      .flatMap(({ title, queries }) =>
        ["Received", "Refused", "Left out", "Streams"].includes(title)
          ? queries.map(({ legend }) => legend)
          : [],
      );
    expect(drawn).toEqual([
      "Streams",
      "{{receiver}} {{team}}",
      "{{receiver}}: {{reason}} {{team}}",
      "{{reason}} {{team}}",
      "{{instance}} {{team}}",
    ]);
    expect(await limitOf("interval: 20s", "Age of the oldest forecast")).toBe(100);
  });

  it("let users choose the jobs of senders where forecasts are shown", async () => {
    const [gateway, quality] = await describeGatewayDashboards(gatewayFor(FULL_FILE));
    const queryOf = (spec: typeof gateway, name: string): string | undefined =>
      spec?.variables.find((variable) => variable.name === name)?.query;
    expect(queryOf(gateway, "job")).toBe("label_values(forecast_gateway_streams, job)");
    expect(queryOf(gateway, "horizon")).toBe('label_values({__name__=~".+_predicted"}, horizon)');
    expect(queryOf(quality, "job")).toBe('label_values({__name__=~"forecast_series|forecast_ready"}, job)');
  });
});
