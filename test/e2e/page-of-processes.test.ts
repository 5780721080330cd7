import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AlertStatus, ForecastList, SeriesDetail } from "../../src/status/answers.ts";
import { PluginApp } from "./harness/plugin-app.ts";

const MEMORY = "ai_cloud_memory_usage_percent";
const ALERTS = `alerts:\n  - { name: UsesMemory, metric: ${MEMORY}, threshold: { above: 0 }, on: level }\n`;
const run = promisify(execFile);
const started: PluginApp[] = [];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-page-"));
  writeFileSync(join(folder, "alerts.yaml"), ALERTS);
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An app of several processes, each with an alert on the memory use of its agent. */
async function open(
  start: typeof PluginApp.start,
  app: string,
  env: Readonly<Record<string, string>> = {},
): Promise<PluginApp> {
  const file = join(folder, "alerts.yaml");
  const opened = await start([app], { OTEL_FORECAST_CONFIG_FILE: file, ...env }, true);
  started.push(opened);
  return opened;
}

async function asked<Body>(app: PluginApp, path: string, accept = "*/*"): Promise<Body> {
  const response = await fetch(new URL(path, app.metricsUrl), { headers: { accept } });
  return (await (accept === "*/*" ? response.json() : response.text())) as Body;
}

/** The memory use of each agent, as it is listed, when each has a forecast. */
function memoryOf(app: PluginApp, agents: number): Promise<ForecastList> {
  return app.waitFor(`forecasts of ${agents} agents`, async () => {
    const list = await asked<ForecastList>(app, `/api/forecasts?match=${MEMORY}&recent=5`);
    const ready = list.forecasts.filter(({ state }) => state === "ready");
    return ready.length === agents ? list : undefined;
  });
}

function processesOf(listed: readonly { readonly labels: ForecastList["forecasts"][number]["labels"] }[]) {
  return Object.fromEntries(
    listed.map((one) => [one.labels.agent, (one as { readonly process?: string }).process ?? "asked"]),
  );
}

const OF_CLUSTER = { shop: "asked", "shop#2": "worker 2", "shop#3": "worker 3" };

describe("the page of a cluster", () => {
  it("shows the series and the alerts of all workers, and which worker has them", async () => {
    const options = { WORKER_OPTIONS: "--import otel-forecast/register" };
    const cluster = await open(PluginApp.startPlain, "test/e2e/apps/cluster.mjs", options);
    const list = await memoryOf(cluster, 3);
    expect(processesOf(list.forecasts)).toEqual(OF_CLUSTER);
    expect(list).toMatchObject({ selected: 3, processes: { others: 2, silent: 0 } });
    for (const one of list.forecasts) {
      expect(one.recent?.values).not.toEqual([]);
      const detail = await asked<SeriesDetail>(cluster, `/api/series/${one.id}`);
      expect(detail).toMatchObject({ labels: one.labels });
      expect(detail.process).toBe(one.process);
      expect(detail.path).not.toEqual([]);
    }
    const { alerts } = await asked<{ alerts: AlertStatus[] }>(cluster, "/api/alerts");
    expect(alerts.map(({ state }) => state)).toEqual(["firing", "firing", "firing"]);
    expect(processesOf(alerts)).toEqual(OF_CLUSTER);
    const machine = await asked<ForecastList>(cluster, "/api/forecasts?match=system_cpu_usage_percent");
    expect(machine.selected).toBe(1);

    const html = await asked<string>(cluster, "/?search=shop%233", "text/html");
    for (const text of ["shop#2", "worker 2", "Those of 2 other processes and threads are included."])
      expect(html).toContain(text);
    const shown = [
      await asked<string>(cluster, "/", "text/plain"),
      (await run(process.execPath, ["src/cli.ts", "status", new URL(cluster.metricsUrl).origin])).stdout,
    ];
    for (const text of shown) {
      expect(text).toContain(`${MEMORY}{agent="shop#2"} (worker 2)`);
      expect(text).toMatch(/firing: .* of shop is above 0% \(worker 3\)/);
    }
  });
});

describe("the page of a process with threads and children", () => {
  it("shows the series of all of them", async () => {
    const family = await open(PluginApp.start, "test/e2e/apps/family.mjs");
    const names = ["courier", "shop/2", "shop/fetcher", "shop/fetcher#2", "shop/indexer"];
    const { forecasts } = await memoryOf(family, 6);
    expect(processesOf(forecasts)).toEqual({
      shop: "asked",
      ...Object.fromEntries(names.map((name) => [name, name])),
    });
    const { tasks, process: itsProcess } = await family.waitFor(
      "the tasks of an agent in a child",
      async () => {
        const page = await asked<string>(family, "/live", "application/json");
        const { agents } = JSON.parse(page) as {
          agents: { name: string; tasks?: unknown; process?: string }[];
        };
        return agents.find(({ name, tasks }) => name === "reader" && tasks !== undefined);
      },
    );
    expect(tasks).toMatchObject({ failed: 0 });
    expect(names).toContain(itsProcess);
  });
});
