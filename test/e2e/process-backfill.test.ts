import { createServer } from "node:http";
import { afterEach, expect, it } from "vitest";
import { Child } from "./harness/child.ts";
import { needs, prometheus, promtool } from "./harness/components.ts";
import { shownValue } from "./harness/exposition.ts";
import { freePort } from "./harness/free-ports.ts";
import { writeBlocks } from "./harness/past-blocks.ts";
import { PluginApp } from "./harness/plugin-app.ts";
import { PrometheusServer } from "./harness/prometheus.ts";

/** The process does not collect a second time by itself while it is watched. */
const INTERVAL = 60_000;
const PAST_MILLIS = 3 * 3_600_000;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** A level that no machine has had, at each collection interval until now. */
function* usage(): Iterable<[at: number, value: number]> {
  const now = Math.floor(Date.now() / INTERVAL) * INTERVAL;
  for (let at = now - PAST_MILLIS; at <= now; at += INTERVAL) yield [at, 7];
}

it("a process forecasts from the past that a real Prometheus has of it", async (context) => {
  needs(context, prometheus, promtool);
  const server = new PrometheusServer(await freePort(), [], undefined, {
    fill: (folder) =>
      writeBlocks(folder, "system_memory_usage_percent", [
        { labels: { job: "shop", instance: "gone:9464" }, samples: usage() },
        { labels: { job: "other", instance: "gone:9464" }, samples: usage() },
      ]),
  });
  ends.push(() => server.stop());
  await server.ready();
  const app = await PluginApp.start(["test/e2e/apps/spending-agent.mjs"], {
    OTEL_FORECAST_BACKFILL: server.url,
    OTEL_FORECAST_METHOD: "moving-median",
    OTEL_FORECAST_HORIZONS: "5m",
    OTEL_FORECAST_COLLECTION_INTERVAL: String(INTERVAL),
  });
  ends.push(() => app.stop());
  const metric = "system_memory_usage_percent";
  const [measured, predicted] = await app.shows("a forecast", (samples) => {
    const forecast = shownValue(samples, `${metric}_predicted`, { horizon: "5m" });
    return forecast === undefined ? undefined : [shownValue(samples, metric, {}), forecast];
  });
  expect(measured).toBeGreaterThan(0);
  // The median of the last values: nearly all of them are of the past.
  expect(predicted).toBe(7);
  expect(app.stderr).toMatch(/backfill: done after \d+ s: 1 of \d+ series have their past/);
});

it("a process ends although a Prometheus does not answer", async () => {
  let asked = 0;
  const silent = createServer(() => {
    asked += 1;
  });
  ends.push(
    () => silent.closeAllConnections(),
    () => silent.close(),
  );
  const port = await freePort();
  await new Promise<void>((resolve) => silent.listen(port, "127.0.0.1", resolve));
  const script =
    "const { setTimeout: wait } = require('node:timers/promises'); wait(3000).then(() => console.log('over'));";
  const child = new Child(
    "a short script",
    process.execPath,
    ["--import", "otel-forecast/register", "-e", script],
    {
      env: {
        OTEL_FORECAST_BACKFILL: `http://127.0.0.1:${port}`,
        OTEL_EXPORTER_PROMETHEUS_PORT: String(await freePort()),
      },
    },
  );
  ends.push(() => child.stop());
  await child.waitFor("a query", () => asked > 0 || undefined);
  expect(await child.ends()).toEqual({ code: 0, signal: null });
  expect(child.stdout).toBe("over\n");
});
