import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, type TestContext } from "vitest";
import { Child, packageRoot } from "../e2e/harness/child.ts";
import { scrape, shownValue } from "../e2e/harness/exposition.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { atWork } from "./at-work.ts";

/** Runs an app that does nothing but to run these examples, each in a thread of its own. */
async function inThreads(
  context: TestContext,
  flag: string,
  workers: readonly [file: string, isText?: true][],
) {
  const folder = mkdtempSync(join(tmpdir(), "threads-"));
  const lines = workers.map(([file, isText]) => {
    const url = JSON.stringify(pathToFileURL(join(packageRoot, "examples", file)));
    return isText
      ? `new Worker(${JSON.stringify(`import(${url})`)}, { eval: true });`
      : `new Worker(new URL(${url}));`;
  });
  const app = join(folder, "app.mjs");
  writeFileSync(app, ['import { Worker } from "node:worker_threads";', ...lines].join("\n"));
  const port = await freePort();
  const env = {
    OTEL_SERVICE_NAME: "weather",
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    OTEL_FORECAST_COLLECTION_INTERVAL: "300",
  };
  const child = new Child("threads", process.execPath, [flag, "otel-forecast/register", app], { env });
  context.onTestFinished(async () => {
    await child.stop();
    rmSync(folder, { recursive: true });
  });
  return { child, shows: (agents: readonly string[]) => atWork(child, port, agents) };
}

describe.concurrent("agents of frameworks in worker threads", () => {
  it.for([
    ["ai-sdk-agent/agent.mjs", "forecaster"],
    ["openai-agents-agent/agent.mjs", "forecaster"],
    ["langgraph-agent/agent.mjs", "forecaster"],
    ["langgraph-agent/agent.cjs", "forecaster"],
    ["mcp-server/server.mjs", "station", "passer-by"],
  ] as const)("are seen: %s", async ([file, ...agents], context) => {
    const { shows } = await inThreads(context, "--import", [[file]]);
    await shows(agents);
  });

  it("are all shown where several threads run one, and nothing is left out", async (context) => {
    const file = "ai-sdk-agent/agent.mjs";
    const { child, shows } = await inThreads(context, "--import", [[file], [file], [file]]);
    await shows(["forecaster", "forecaster#2", "forecaster#3"]);
    expect(child.stderr).not.toContain("left out");
  });

  it("are seen in a thread that is made from a text, with --require", async (context) => {
    const { shows } = await inThreads(context, "--require", [["ai-sdk-agent/agent.mjs", true]]);
    await shows(["forecaster"]);
  });
});

/** The thread ends as one that runs out of memory: without a word. */
const OWNER = `
  import { Worker } from "node:worker_threads";
  const worker = new Worker(new URL("crawler.mjs", import.meta.url), { name: "crawler" });
  process.stdin.once("data", () => worker.terminate());
`;

it("an alert of a thread that dies while it fires ends with a line of the process", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "threads-"));
  const [app, file] = [join(folder, "app.mjs"), join(folder, "forecast.json")];
  const alert = { name: "HeapIsUsed", metric: "ai_cloud_heap_usage_percent", threshold: { above: 0.01 } };
  writeFileSync(app, OWNER);
  writeFileSync(join(folder, "crawler.mjs"), "setInterval(() => {}, 1000);");
  writeFileSync(file, JSON.stringify({ alerts: [{ ...alert, on: "level", for: "0s" }] }));
  const port = await freePort();
  const env = {
    OTEL_SERVICE_NAME: "shop",
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    OTEL_FORECAST_COLLECTION_INTERVAL: "300",
    OTEL_FORECAST_CONFIG_FILE: file,
  };
  const args = ["--import", "otel-forecast/register", app];
  const child = new Child("owner", process.execPath, args, { env, listens: true });
  context.onTestFinished(async () => {
    await child.stop();
    rmSync(folder, { recursive: true });
  });
  await child.waitFor("an alert that fires in the thread", async () => {
    const samples = await scrape(`http://localhost:${port}/metrics`);
    return shownValue(samples, "forecast_alert_state", { agent: "shop/crawler" }) === 3 || undefined;
  });
  expect(child.stderr).toContain("alert HeapIsUsed (warning) fires");
  child.tell("end the thread");
  const end =
    "alert HeapIsUsed has ended: ai_cloud_heap_usage_percent of shop/crawler is no longer measured; its thread has ended";
  await child.waitFor("the end of the alert", () => child.stderr.includes(end) || undefined);
});
