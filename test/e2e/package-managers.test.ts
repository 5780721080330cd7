import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, it } from "vitest";
import { Child, packageRoot } from "./harness/child.ts";
import { scrape, shownValue } from "./harness/exposition.ts";
import { freePort } from "./harness/free-ports.ts";

const folder = mkdtempSync(join(tmpdir(), "run-by-npm-"));
let npm: Child | undefined;

afterEach(async () => {
  await npm?.stop();
  rmSync(folder, { recursive: true });
});

it("starts the app of `npm run` and nothing in npm itself, which inherits NODE_OPTIONS", async () => {
  const port = await freePort();
  const app = join(packageRoot, "test/e2e/apps/run-by-npm.mjs");
  const scripts = { agent: `${JSON.stringify(process.execPath)} ${JSON.stringify(app)}` };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts }));
  const npmScript = realpathSync(execFileSync("which", ["npm"], { encoding: "utf8" }).trim());
  const register = pathToFileURL(join(packageRoot, "dist/register.cjs")).href;
  npm = new Child("npm run agent", process.execPath, [npmScript, "run", "agent"], {
    cwd: folder,
    env: {
      NODE_OPTIONS: `--import ${register}`,
      OTEL_SERVICE_NAME: "shop",
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      OTEL_FORECAST_COLLECTION_INTERVAL: "500",
    },
  });
  // A parent does not show the counters of a child: the job itself has the endpoint.
  const shown = await npm.waitFor("what the job counts", async () => {
    const samples = await scrape(`http://localhost:${port}/metrics`);
    // What the app counts is shown before the first collection, which measures the process.
    const isMeasured = samples.some(({ name }) => name === "ai_cloud_memory_usage_percent");
    return isMeasured && shownValue(samples, "job_rows_total") === 42 ? samples : undefined;
  });
  const agents = shown.filter(({ name }) => name === "ai_cloud_memory_usage_percent");
  expect(agents.map(({ labels }) => labels.agent)).toEqual(["shop"]);
  expect(npm.stderr.match(/metrics and forecasts at/g)).toHaveLength(1);
  // npm ends when its script ends.
  process.kill(Number(npm.stdout.match(/job (\d+)/)?.[1]));
  await npm.ends();
});
