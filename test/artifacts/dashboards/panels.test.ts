import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { expect, it } from "vitest";
import { describeDashboards } from "../../../src/artifacts/dashboards/dashboards.ts";
import { optionsFor } from "../options-for.ts";
import { dashboards, panelOf, panelsOf, targetsOf } from "./generated-dashboards.ts";

it("draws limits in red, whichever side of them is bad", () => {
  const steps = (file: string, title: string) => panelOf(file, title).fieldConfig?.defaults.thresholds?.steps;
  // Grafana draws the colour of the step below where a step is transparent.
  expect(steps("agent.json", "Task success rate")).toEqual([
    { value: null, color: "red" },
    { value: 0.95, color: "transparent" },
  ]);
  expect(steps("agent.json", "Memory use")?.map(({ color }) => color)).toEqual(["transparent", "red"]);
});

it("colours a number only if it has a limit: else Grafana shows it in red from 80 on", () => {
  const colors = (title: string) =>
    panelOf("fleet-overview.json", title).fieldConfig?.defaults.thresholds?.steps.map(({ color }) => color);
  expect(["Agents", "Success", "Alerts"].map(colors)).toEqual([["text"], ["red", "green"], ["green", "red"]]);
  expect(panelOf("gateway.json", "Configuration").fieldConfig?.defaults.mappings).toEqual([
    {
      type: "value",
      options: { 0: { text: "Refused", color: "red" }, 1: { text: "In use", color: "green" } },
    },
  ]);
});

it("writes rates with what they count, and shares as percents", () => {
  const unit = (file: string, title: string) => panelOf(file, title).fieldConfig?.defaults.unit;
  const ofAgent = [
    "Rate of failed tasks",
    "Token rate",
    "Rate of repeated tool calls",
    "Cost rate",
    "Heap use",
  ];
  expect(ofAgent.map((title) => unit("agent.json", title))).toEqual([
    "count:tasks/s",
    "count:tokens/s",
    "count:calls/s",
    "count:/s",
    "percent",
  ]);
  const ofFleet = ["Request rate", "Throughput", "Network traffic", "Error rate", "P95 latency"];
  expect(ofFleet.map((title) => unit("fleet-overview.json", title))).toEqual([
    "reqps",
    "reqps",
    "Bps",
    "percentunit",
    "s",
  ]);
});

it("shows each number once: no rate of failure beside the rate of success, and no total beside what it comes to", async () => {
  const [fleet, agent] = await describeDashboards(optionsFor());
  for (const spec of [fleet, agent]) {
    const queries = spec?.rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries)) ?? [];
    const written = queries.map(({ expr, isInstant = false }) => `${isInstant} ${expr}`);
    expect(new Set(written).size).toBe(written.length);
    expect(written.join()).not.toContain("ai_cloud_failure_rate");
  }
});

it("draws no measured value on into the future: each query over time asks for fresh values", () => {
  // What a gateway does not publish, it shows as its senders write it.
  for (const { name, dashboard } of dashboards)
    for (const panel of panelsOf(dashboard))
      for (const { expr } of panel.type === "timeseries" ? targetsOf(panel) : [])
        if (expr !== "max (depth)")
          expect(expr, `${name}: ${panel.title}`).toMatch(/\[(\$__rate_interval|1h)[\] ]/);
});

it("fills nothing but the band of a forecast", () => {
  for (const { dashboard } of dashboards)
    for (const panel of panelsOf(dashboard).filter(({ type }) => type === "timeseries") as Panel[]) {
      const { defaults, overrides } = panel.fieldConfig ?? { defaults: {}, overrides: [] };
      expect(defaults.custom.fillOpacity, panel.title).toBe(0);
      const filled = overrides.filter(({ properties }) =>
        properties.some(({ id, value }) => id === "custom.fillOpacity" && value > 0),
      );
      for (const { matcher } of filled) expect(matcher.options).toBe("/upper bound$/");
    }
});

it("gives what is often 0 a small axis, which grows", () => {
  const most = (file: string, title: string) => panelOf(file, title).fieldConfig?.defaults.custom.axisSoftMax;
  expect(most("fleet-overview.json", "Active tasks")).toBe(1);
  expect(most("forecast-quality.json", "Records skipped")).toBe(0.1);
  const ofAgent = ["Active tasks", "Rate of failed tasks", "Rate of repeated tool calls", "Cost rate"];
  expect(ofAgent.map((title) => most("agent.json", title))).toEqual([1, 0.1, 0.1, undefined]);
});

it("names the columns of tables, the most important first", () => {
  const [transformation] =
    panelOf("fleet-overview.json", "Thresholds that will be crossed").transformations ?? [];
  const { options } = transformation ?? {};
  expect(Object.values(options.renameByName)).toEqual([
    "Metric",
    "Agent",
    "Crossed in",
    "Threshold",
    "Job",
    "Instance",
  ]);
  expect(options.indexByName).toMatchObject({ metric: 0, agent: 1, Value: 2 });
  expect(options.excludeByName).toEqual({ Time: true, __name__: true });
  const [worst] = panelOf("forecast-quality.json", "Series with the worst forecasts").transformations ?? [];
  expect(Object.values(worst?.options.renameByName ?? {}).slice(0, 3)).toEqual(["Metric", "Error", "Agent"]);
});
