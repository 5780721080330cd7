import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, it } from "vitest";
import { type ShownSample, shownValue } from "./harness/exposition.ts";
import { PluginApp } from "./harness/plugin-app.ts";

const budget = { metric: "budget_cost_today" };
const started: PluginApp[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-budget-"));
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((app) => app.stop()));
  rmSync(folder, { recursive: true, force: true });
});

const CONFIGURED = { OTEL_FORECAST_CONFIG_FILE: "test/e2e/budget.yaml" };

async function start(): Promise<PluginApp> {
  const app = await PluginApp.start(["test/e2e/apps/spending-family.mjs"], {
    ...CONFIGURED,
    OTEL_FORECAST_HISTORY: `file:${join(folder, "history.json")}`,
  });
  started.push(app);
  return app;
}

function spent(app: PluginApp, cost: number): Promise<true> {
  return app.shows(`a cost of ${cost} in all`, (samples) =>
    shownValue(samples, "budget_cost_today") === cost ? true : undefined,
  );
}

const agentsOf = (samples: readonly ShownSample[]) =>
  samples.filter(({ name }) => name === "ai_cloud_cost_today").map(({ labels }) => labels.agent);

it("a budget over everything: agents of threads and children included, also after they have ended", async () => {
  const app = await start();
  await spent(app, 360);
  await app.shows("an alert that fires", (samples) =>
    shownValue(samples, "forecast_alert_state", { alert: "Budget", horizon: "midnight" }) === 3
      ? true
      : undefined,
  );
  await app.shows("a forecast of midnight", (samples) => shownValue(samples, "forecast_day_end", budget));
  const model = { agent: "planner", model: "m" };
  await app.shows("the cost of the model", (samples) =>
    shownValue(samples, "ai_cloud_model_cost_total", model),
  );
  app.kill("SIGUSR2");
  await app.says("child ended");
  await app.shows("two agents", (samples) => (agentsOf(samples).length === 2 ? true : undefined));
  await spent(app, 360);
  app.kill("SIGTERM");
  await app.ends();
  // After a restart, the same again comes on top.
  await spent(await start(), 720);
});

it("a budget over the workers of a cluster, whichever of them ends", async () => {
  const app = await PluginApp.startPlain(["test/e2e/apps/spending-cluster.mjs"], CONFIGURED, true);
  started.push(app);
  await spent(app, 240);
  for (const worker of [1, 2]) {
    // The worker that takes the port has received what the others used.
    await new Promise((received) => setTimeout(received, 1500));
    app.tell("fork");
    await spent(app, 240 + worker * 120);
    await new Promise((received) => setTimeout(received, 1500));
    app.tell(String(worker));
    await app.says(`worker ${worker} ended`);
    await spent(app, 240 + worker * 120);
  }
});
