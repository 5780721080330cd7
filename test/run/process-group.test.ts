import { expect, it, onTestFinished } from "vitest";
import { Runtime } from "../../src/run/runtime.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { SECOND, World } from "./harness.ts";

const INTERVAL = 10 * SECOND;
const metric = {
  ...{ name: "ai_cloud.active_tasks", unit: "", description: "", type: "gauge" },
  scope: "otel-forecast/agents",
};

it("a member is shown until it has not reported for three intervals and five seconds", async () => {
  const world = new World();
  const { members } = new Runtime({ exporters: ["otlp"], collectionIntervalMillis: INTERVAL }, world)
    .processGroup;
  const shown = async () => {
    const { resourceMetrics } = await members.collect();
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ dataPoints }) => dataPoints.map(({ attributes }) => attributes.agent)),
    );
  };
  members.take("a", { self: "shop/a", series: [{ metric, labels: { agent: "shop/a" }, value: 1 }] });
  world.millis += 3 * INTERVAL + 5 * SECOND;
  expect(await shown()).toEqual(["shop/a"]);
  world.millis += 1;
  expect(await shown()).toEqual([]);
});

it("reports of members that find no place are counted", () => {
  const { processGroup, pipeline } = new Runtime({ exporters: ["otlp"] }, new World());
  for (let member = 0; member < 258; member += 1)
    processGroup.members.take(`thread ${member}`, { self: "shop/a", series: [] });
  expect([...pipeline.skips.counts]).toEqual([["max_members", 2]]);
});

it("a member is shown by the endpoint", async () => {
  const port = await freePort();
  const runtime = new Runtime({ host: "127.0.0.1", port, exporters: ["prometheus"] });
  onTestFinished(() => runtime.shutdown());
  await runtime.start();
  const { members } = runtime.processGroup;
  members.take("a", { self: "shop/a", series: [{ metric, labels: { agent: "shop/a" }, value: 1 }] });
  const page = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { Connection: "close" } });
  expect(await page.text()).toContain('ai_cloud_active_tasks{agent="shop/a"} 1');
});

it("what a process used today is reported with its own number", () => {
  const { processGroup, pipeline } = new Runtime({ exporters: ["otlp"] }, new World());
  const usage = { input: 90, output: 10, cachedInput: 0 };
  pipeline.instruments.consumption.tokensUsed("planner", usage, undefined);
  const { id, today } = processGroup.used() ?? {};
  expect(id).toEqual(expect.any(String));
  expect(JSON.stringify(today)).toContain('"planner"');
  expect(JSON.stringify(today)).toContain("100");
});
