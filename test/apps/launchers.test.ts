import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Child } from "../e2e/harness/child.ts";
import { type ShownSample, scrape, shownValue } from "../e2e/harness/exposition.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { packed } from "./harness/package-under-test.ts";

/** What is typed, in a shell in which `NODE_OPTIONS` loads the plugin. */
const LAUNCHERS = [
  "node agent.cjs",
  "npm run agent",
  "tsx src/main.ts",
  "tsx watch src/main.ts",
  "ts-node src/main.ts",
  "nodemon agent.cjs",
  "cross-env SHOP=open node agent.cjs",
  "dotenv -- node agent.cjs",
  "concurrently node\\ agent.cjs",
  "nest start",
  "turbo run agent",
  "nx run launchers:agent",
  "pm2-runtime start agent.cjs",
];

/** Of a launcher that is slow on a machine that is busy. */
const PATIENCE = { timeoutMillis: 120_000 };

let installed: InstalledApp;
beforeAll(() => {
  installed = new InstalledApp("launchers");
  expect(installed.add(packed()).status).toBe(0);
});
afterAll(() => installed?.remove());

/** Starts what is typed, with the plugin in every process of it. */
async function start(typed: string): Promise<{ child: Child; url: string; env: Record<string, string> }> {
  const [port, shopPort] = [await freePort(), await freePort()];
  const env = {
    PATH: [join(installed.folder, "node_modules/.bin"), dirname(process.execPath), process.env.PATH].join(
      ":",
    ),
    NODE_OPTIONS: "--import otel-forecast/register",
    OTEL_SERVICE_NAME: "shop",
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    OTEL_FORECAST_COLLECTION_INTERVAL: "500",
    SHOP_PORT: String(shopPort),
    PM2_HOME: join(installed.folder, `pm2-${port}`),
    TS_NODE_TRANSPILE_ONLY: "1",
    TURBO_TELEMETRY_DISABLED: "1",
    NX_DAEMON: "false",
    FORCE_COLOR: "0",
  };
  const child = new Child(typed, "sh", ["-c", typed], { cwd: installed.folder, env, leads: true });
  onTestFinished(() => child.stop());
  return { child, url: `http://127.0.0.1:${port}/metrics`, env };
}

/** The only agent of a process is the process. */
function processesOf(samples: readonly ShownSample[]): (string | undefined)[] {
  return samples
    .filter(({ name }) => name === "ai_cloud_memory_usage_percent")
    .map(({ labels }) => labels.agent);
}

describe("an app has the endpoint, and its launcher is left alone", () => {
  it.each(LAUNCHERS)("%s", async (typed) => {
    const { child, url } = await start(typed);
    const samples = await child.waitFor(
      "what the app counts, and its agent",
      async () => {
        const shown = await scrape(url);
        const isWhole = shownValue(shown, "ai_cloud_completed_tasks_total", { agent: "planner" }) === 1;
        return isWhole && shownValue(shown, "shop_orders_total") === 42 ? shown : undefined;
      },
      PATIENCE,
    );
    expect(processesOf(samples)).toEqual(["planner"]);
    expect(child.output.match(/metrics and forecasts at/g)).toHaveLength(1);
    expect(child.output.match(/shop open/g)).toHaveLength(1);
    expect(child.output).not.toMatch(/\[(warn|error)\] otel-forecast/);
  });
});

it("the workers of PM2 are shown on one endpoint", async () => {
  const { child, url, env } = await start("pm2-runtime start cluster.cjs -i 3");
  const orders = async (): Promise<number | undefined> => shownValue(await scrape(url), "shop_orders_total");
  const takers = new Set<string>();
  let taken = 0;
  await child.waitFor(
    "orders that every worker has taken",
    async () => {
      takers.add(await (await fetch(`http://127.0.0.1:${env.SHOP_PORT}/`)).text());
      taken += 1;
      return takers.size === 3 || undefined;
    },
    PATIENCE,
  );
  await child.waitFor("all of them", async () => ((await orders()) === taken ? true : undefined), PATIENCE);
  expect(child.output.match(/metrics and forecasts at/g)).toHaveLength(1);
});
