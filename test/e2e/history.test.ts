import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { historyRecords } from "../harness/history-records.ts";
import { scrape, shownValue } from "./harness/exposition.ts";
import { freePort } from "./harness/free-ports.ts";
import { PluginApp } from "./harness/plugin-app.ts";
import { waitFor } from "./harness/wait-for.ts";

const agent = { agent: "planner" };
const started: PluginApp[] = [];
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-history-"));
  path = join(folder, "history.json");
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((app) => app.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<PluginApp> {
  const app = await PluginApp.start(["test/e2e/apps/spending-agent.mjs"], {
    OTEL_FORECAST_HISTORY: `file:${path}`,
    ...env,
  });
  started.push(app);
  return app;
}

/** Waits until the endpoint shows this use. */
async function shows(app: PluginApp, tokens: number, port?: string): Promise<void> {
  const url = port === undefined ? app.metricsUrl : `http://localhost:${port}/metrics`;
  const read = async () => shownValue(await scrape(url), "ai_cloud_tokens_today", agent);
  await app.waitFor(`${tokens} tokens`, async () => ((await read()) === tokens ? true : undefined));
}

async function end(app: PluginApp): Promise<void> {
  app.kill("SIGTERM");
  expect(await app.ends()).toEqual({ code: null, signal: "SIGTERM" });
}

const inFile = (): unknown => historyRecords(path).own;

it("restores what was used today in the process that has the file, and in none of its children", async () => {
  const first = await start();
  await shows(first, 120);
  await end(first);
  expect(inFile()).toMatchObject([{ agent: "planner", tokens: 120 }]);
  const port = String(await freePort());
  const second = await start({ PORT_OF_CHILD: port });
  await shows(second, 240);
  await shows(second, 120, port);
  await end(second);
  await waitFor("the end of the child", () =>
    scrape(`http://localhost:${port}/metrics`).then(
      () => undefined,
      () => true,
    ),
  );
  expect(inFile()).toMatchObject([{ agent: "planner", tokens: 240 }]);
});
