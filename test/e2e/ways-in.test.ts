import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { scrape, shownValue } from "./harness/exposition.ts";
import { freePort } from "./harness/free-ports.ts";
import { PluginApp } from "./harness/plugin-app.ts";

const started: PluginApp[] = [];

function keep(app: PluginApp): PluginApp {
  started.push(app);
  return app;
}

async function start(...args: Parameters<typeof PluginApp.start>): Promise<PluginApp> {
  return keep(await PluginApp.start(...args));
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((app) => app.stop()));
});

describe.for(["es-module.mjs", "common-js.cjs"])("without a line of code in %s", (file) => {
  it("shows the app's instruments, the system, the agent of the process, and forecasts", async () => {
    const app = await start([`test/e2e/apps/${file}`]);
    await app.says("shop open");
    await app.shows("the app's counter", (samples) => shownValue(samples, "shop_orders_total"));
    await app.shows("CPU of the system", (samples) => shownValue(samples, "system_cpu_usage_percent"));
    await app.shows("the process as an agent", (samples) =>
      shownValue(samples, "ai_cloud_memory_usage_percent", { agent: "shop" }),
    );
    const predicted = await app.shows("a forecast of the memory in use", (samples) =>
      shownValue(samples, "system_memory_usage_percent_predicted", { horizon: "10s" }),
    );
    expect(predicted).toBeGreaterThan(0);
    expect(predicted).toBeLessThanOrEqual(100);
  });

  it("derives the rate of requests and of errors from the app's HTTP server", async () => {
    const app = await start([`test/e2e/apps/${file}`], { OTEL_FORECAST_WINDOW: "10000" });
    await app.says("shop open");
    // One request every 50 ms, of which every fourth fails.
    const rate = await app.shows("a rate of requests", (samples) => {
      const value = shownValue(samples, "system_request_rate");
      return value !== undefined && value > 5 ? value : undefined;
    });
    expect(rate).toBeLessThan(25);
    const errors = await app.shows("a rate of errors", (samples) => shownValue(samples, "system_error_rate"));
    expect(errors).toBeGreaterThan(0.15);
    expect(errors).toBeLessThan(0.35);
  });

  it.runIf(process.platform === "linux")("starts no process when it collects", async () => {
    const app = await start([`test/e2e/apps/${file}`]);
    await app.shows("more than one collection", (samples) => {
      const runs = shownValue(samples, "forecast_runs_total");
      return runs !== undefined && runs > 2 ? runs : undefined;
    });
    expect(pageFaultsOfChildren(app.pid)).toBe(0);
  });

  it("answers for its health", async () => {
    const app = await start([`test/e2e/apps/${file}`]);
    const health = await app.waitFor("/health", async () => {
      const response = await fetch(app.healthUrl);
      return response.status === 200 ? response : undefined;
    });
    expect(health.headers.get("content-type")).toContain("json");
  });
});

/**
 * An app with a pipeline of its own, which has to go on as it was, while ours shows the same
 * instruments.
 */
async function expectBothPipelines(app: PluginApp): Promise<void> {
  await app.waitFor("the app's own exports", () => {
    const lines = app.stdout.match(/own export:.*$/gm) ?? [];
    return (
      lines.some((line) => line.includes("shop.orders") && line.includes("shop.renamed_visits")) || undefined
    );
  });
  await app.shows("the app's counter", (samples) => {
    const value = shownValue(samples, "shop_orders_total");
    return value !== undefined && value > 10 ? value : undefined;
  });
  await app.shows("CPU of the system", (samples) => shownValue(samples, "system_cpu_usage_percent"));
  await app.shows("a forecast", (samples) =>
    shownValue(samples, "system_memory_usage_percent_predicted", { horizon: "10s" }),
  );
  app.kill("SIGTERM");
  expect(await app.ends()).toEqual({ code: 0, signal: null });
  expect(app.stdout).toContain("own shutdown done");
}

describe("beside an SDK that the app sets up", () => {
  it.for(["own-node-sdk.mjs", "own-meter-provider.mjs"])("under --import alone: %s", async (file) => {
    await expectBothPipelines(await start([`test/e2e/apps/${file}`]));
  });

  it.for(["one-line-node-sdk.mjs", "one-line-meter-provider.mjs"])(
    "in one line of its code: %s",
    async (file) => {
      await expectBothPipelines(keep(await PluginApp.startPlain([`test/e2e/apps/${file}`])));
    },
  );
});

describe("switched off", () => {
  it("does nothing and lets the app run", async () => {
    const app = await start(["test/e2e/apps/es-module.mjs"], { OTEL_SDK_DISABLED: "true" });
    await app.says("shop open");
    await expect(fetch(app.metricsUrl)).rejects.toThrow();
    expect(app.stderr).toBe("");
  });
});

describe("a port that is in use", () => {
  it("is logged, and used as soon as it is free", async () => {
    const port = await freePort();
    const other = createServer().listen(port, "localhost");
    await once(other, "listening");
    const app = await start(["test/e2e/apps/es-module.mjs"], { OTEL_EXPORTER_PROMETHEUS_PORT: String(port) });
    await app.says("shop open");
    await app.waitFor("a word on the port", () => app.stderr.includes(String(port)) || undefined);
    other.close();
    const url = `http://localhost:${port}/metrics`;
    const samples = await app.waitFor("its own /metrics", () => scrape(url));
    expect(shownValue(samples, "system_cpu_usage_percent")).toBeGreaterThanOrEqual(0);
  });
});

describe("without an exporter", () => {
  it("listens nowhere and lets the app run", async () => {
    const app = await start(["test/e2e/apps/short-job.mjs"], { OTEL_METRICS_EXPORTER: "none" });
    expect(await app.ends()).toEqual({ code: 0, signal: null });
    expect(app.stderr).toBe("");
  });
});

describe("an invalid variable", () => {
  const cases: [name: string, value: string, used: string][] = [
    ["OTEL_FORECAST_COLLECTION_INTERVAL", "soon", "10000"],
    ["OTEL_FORECAST_WINDOW", "-5", "300000"],
    ["OTEL_FORECAST_INTERVAL", "NaN", "10000"],
    ["OTEL_FORECAST_HORIZONS", "5 parsecs", "5m,1h"],
    ["OTEL_FORECAST_METHOD", "crystal-ball", "auto"],
    ["OTEL_FORECAST_NAMESPACE", "1 2", "ai_cloud"],
    ["OTEL_FORECAST_HISTORY", "stone-tablet", "memory"],
    ["OTEL_FORECAST_MAX_SERIES", "many", "10000"],
    ["OTEL_FORECAST_EXPIRY", "never", "1h"],
    ["OTEL_EXPORTER_PROMETHEUS_PORT", "123456", "9464"],
    ["OTEL_METRICS_EXPORTER", "carrier-pigeon", "prometheus"],
    ["OTEL_FORECAST_CONFIG_FILE", "/nowhere/forecast.yaml", ""],
  ];

  it.for(cases)("%s=%s is logged in one line, and the app runs", async ([name, value, used]) => {
    const app = await start(["test/e2e/apps/short-job.mjs"], { [name]: value });
    expect(await app.ends()).toEqual({ code: 0, signal: null });
    expect(app.stdout).toContain("job done");
    const lines = app.output.split("\n").filter((line) => line.includes(name));
    expect(lines, app.output).toHaveLength(1);
    expect(lines[0]).toContain(value);
    expect(lines[0]).toContain(used);
  });
});

/**
 * What processes that it has started, and that have ended, have needed of memory: none has ended
 * that needed none.
 */
function pageFaultsOfChildren(pid: number | undefined): number {
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  return Number(fields.split(" ")[8]);
}
