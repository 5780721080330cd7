import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { AlertmanagerServer } from "./harness/alertmanager.ts";
import { Child } from "./harness/child.ts";
import { alertmanager, needs, prometheus } from "./harness/components.ts";
import { freePorts } from "./harness/free-ports.ts";
import { PrometheusServer } from "./harness/prometheus.ts";
import { waitFor } from "./harness/wait-for.ts";
import { type NotifiedAlert, Webhook } from "./harness/webhook.ts";

const alertname = "OtelForecastAgentMemoryUsageHeadingHigh";
/** Stopped in the reverse order of their start, also when the test fails. */
const toEnd: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

it("notifies once before growing memory reaches its threshold, and once more when the memory is freed", async (context) => {
  needs(context, prometheus, alertmanager);
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-alerting-"));
  toEnd.push(() => rmSync(folder, { recursive: true, force: true }));
  const [agentPort, prometheusPort, alertmanagerPort] = (await freePorts(3)) as [number, number, number];
  const environment = {
    OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
    OTEL_EXPORTER_PROMETHEUS_PORT: String(agentPort),
    OTEL_FORECAST_CONFIG_FILE: join(folder, "forecast.yaml"),
    OTEL_FORECAST_COLLECTION_INTERVAL: "500",
    OTEL_FORECAST_WINDOW: "5000",
    OTEL_FORECAST_INTERVAL: "4000",
    OTEL_FORECAST_HORIZONS: "10s",
  };
  writeFileSync(
    join(folder, "forecast.yaml"),
    "thresholds:\n  ai_cloud_memory_usage_percent: { above: 80 }\n",
  );

  const rules = join(folder, "forecast.rules.yml");
  const generator = new Child("rules", process.execPath, ["dist/cli.cjs", "rules", "--output", rules], {
    env: environment,
  });
  expect(await generator.ends(), generator.output).toMatchObject({ code: 0 });

  const webhook = await Webhook.listen();
  toEnd.push(() => webhook.close());
  const alerts = new AlertmanagerServer(alertmanagerPort, webhook.url);
  toEnd.push(() => alerts.stop());
  const server = new PrometheusServer(
    prometheusPort,
    [{ road: "direct", address: `127.0.0.1:${agentPort}`, interval: "500ms" }],
    { ruleFiles: [rules], alertmanager: alerts.address, interval: "500ms" },
  );
  toEnd.push(() => server.stop());
  await Promise.all([alerts.ready(), server.ready()]);
  const agent = new Child("agent", process.execPath, ["--expose-gc", "test/e2e/apps/leaking-agent.mjs"], {
    env: environment,
  });
  toEnd.push(() => agent.stop());
  await agent.says("leaking");

  const notified = (status: NotifiedAlert["status"]): NotifiedAlert[] =>
    webhook.alerts.filter(
      (one) =>
        one.status === status && one.labels.alertname === alertname && one.labels.agent === "leaky-agent",
    );
  const firing = await agent.waitFor("a firing alert", () => notified("firing")[0]);
  expect(firing.labels).toMatchObject({ severity: "critical", horizon: "10s", limit: "80%" });
  expect(firing.annotations.description).toMatch(
    /^The memory use of agent leaky-agent on 127\.0\.0\.1:\d+ \(ai_cloud_memory_usage_percent\) is \d+\.\d% now and forecast to be \d+\.\d% in 10s, at least \d+\.\d%\. It goes above 80% in about \d/,
  );
  expect(firing.annotations.runbook_url).toMatch(/heading-past-limit\.md$/);

  const measured = await server.samples('ai_cloud_memory_usage_percent{agent="leaky-agent"}[2m]');
  const before = (measured[0]?.samples ?? []).filter(([at]) => at <= Date.parse(firing.startsAt) / 1000);
  expect(before.length).toBeGreaterThan(10);
  const levelThen = before.at(-1)?.[1] as number;
  expect(levelThen, "the alert came when it was too late").toBeLessThan(80);
  expect(levelThen, "the alert came when all was well").toBeGreaterThan(40);

  agent.kill("SIGUSR2");
  await waitFor("the resolution", () => notified("resolved")[0]);
  expect(notified("firing")).toHaveLength(1);
  expect(notified("resolved")).toHaveLength(1);
});
