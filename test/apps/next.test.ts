import { dirname } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { Child } from "../e2e/harness/child.ts";
import { scrape, shownValue } from "../e2e/harness/exposition.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { packed } from "./harness/package-under-test.ts";

let installed: InstalledApp;
beforeAll(() => {
  installed = new InstalledApp("next");
  expect(installed.add(packed()).status).toBe(0);
});
afterAll(() => installed?.remove());

async function next(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Child> {
  const child = new Child(
    `next ${args.join(" ")}`,
    process.execPath,
    ["node_modules/next/dist/bin/next", ...args],
    {
      cwd: installed.folder,
      leads: true,
      env: {
        PATH: [dirname(process.execPath), process.env.PATH].join(":"),
        NEXT_TELEMETRY_DISABLED: "1",
        OTEL_SERVICE_NAME: "shop",
        OTEL_FORECAST_COLLECTION_INTERVAL: "500",
        ...env,
      },
    },
  );
  onTestFinished(() => child.stop());
  return child;
}

it.each([
  ["started with the plugin", { NODE_OPTIONS: "--import otel-forecast/register" }],
  ["whose instrumentation.js starts a monitor", { IN_CODE: "yes" }],
  ["with such a monitor that Next.js bundles", { IN_CODE: "yes", BUNDLED: "yes" }],
])("an app of Next.js %s is built and served, and shows what it counts", async (_, way) => {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const env = { ...way, OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort) };
  const build = await next(["build"], env);
  expect(await build.ends(600_000)).toEqual({ code: 0, signal: null });
  expect(build.output).not.toContain("otel-forecast");
  const app = await next(["start", "--port", String(port)], env);
  const taken = await app.waitFor("an order", async () =>
    (await fetch(`http://127.0.0.1:${port}/orders`)).text(),
  );
  expect(taken).toBe("taken");
  const shown = await app.waitFor("the order on the endpoint", async () => {
    const samples = await scrape(`http://127.0.0.1:${metricsPort}/metrics`);
    const isCollected = shownValue(samples, "ai_cloud_memory_usage_percent") !== undefined;
    return isCollected && shownValue(samples, "shop_orders_total") === 1 ? samples : undefined;
  });
  expect(shownValue(shown, "ai_cloud_memory_usage_percent")).toBeGreaterThan(0);
  expect(app.output).not.toMatch(/\[(warn|error)\] otel-forecast/);
});
