import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, type TestContext } from "vitest";
import { Child, packageRoot } from "../e2e/harness/child.ts";
import { scrape, shownValue } from "../e2e/harness/exposition.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { CURRENT, NEWEST, nodeOf } from "./harness/node-versions.ts";

const SYSTEM = ["system_cpu_usage_percent", "system_memory_usage_percent", "system_disk_usage_percent"];
const READ_ALL = ["--allow-fs-read=*"];
const READ_WHAT_IS_NEEDED = [packageRoot, "/proc", "/sys/fs/cgroup"].map((path) => `--allow-fs-read=${path}`);

/** An app that runs until it is stopped, with its own folder for temporary files. */
async function start(context: TestContext, version: string, allowed: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-permission-"));
  const port = await freePort();
  const app = [
    "--import",
    "otel-forecast/register",
    "--eval",
    "setInterval(() => console.log('works'), 100)",
  ];
  const child = new Child("app", nodeOf(version), ["--permission", ...allowed, ...app], {
    env: {
      TMPDIR: folder,
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      OTEL_FORECAST_COLLECTION_INTERVAL: "200",
    },
  });
  context.onTestFinished(async () => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { child, url: `http://127.0.0.1:${port}/metrics` };
}

// The permission model of the current Node does not cover the network; that of the newest does.
it.for([
  [CURRENT, READ_ALL],
  [CURRENT, READ_WHAT_IS_NEEDED],
  [NEWEST, [...READ_WHAT_IS_NEEDED, "--allow-net"]],
] as const)("Node %s with --permission %s measures the system", async ([version, allowed], context) => {
  const { child, url } = await start(context, version, allowed);
  await child.waitFor("the system", async () => {
    const samples = await scrape(url);
    const missing = SYSTEM.filter((name) => shownValue(samples, name) === undefined);
    if (missing.length > 0) throw new Error(`no ${missing}`);
    return true;
  });
});

it("an app that may not use the network runs on without the endpoint", async (context) => {
  const { child } = await start(context, NEWEST, READ_ALL);
  await child.waitFor("that nothing is served", () =>
    child.stderr.includes("without --allow-net); metrics are not served") ? true : undefined,
  );
  const before = child.stdout.length;
  await child.waitFor("work after that", () => (child.stdout.length > before ? true : undefined));
  expect(child.stderr).not.toContain("metrics and forecasts at");
});
