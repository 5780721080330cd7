import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { Child, packageRoot } from "../../e2e/harness/child.ts";
import { freePort } from "../../e2e/harness/free-ports.ts";
import { eventually } from "../../eventually.ts";
import { assistantOf } from "./assistant.ts";

const CLI = join(packageRoot, "dist/cli.cjs");
const SERVER = "mcp-server.cjs";

it("the command of the package answers for a process with the plugin", async () => {
  const port = await freePort();
  const app = new Child(
    "app",
    process.execPath,
    ["--import", "./dist/register.cjs", "-e", "setInterval(() => {}, 1e6)"],
    {
      env: {
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
        OTEL_FORECAST_COLLECTION_INTERVAL: "1000",
        OTEL_FORECAST_HORIZONS: "5s,10s",
        OTEL_FORECAST_METHOD: "naive",
      },
    },
  );
  onTestFinished(() => app.stop());
  const { call, client } = await assistantOf(`http://127.0.0.1:${port}`, [CLI]);
  const memory = { match: "system_memory_usage_percent" };
  const { id } = await eventually(async () => {
    const { data } = await call("forecasts", memory);
    expect(data?.forecasts).toMatchObject([
      { state: "ready", horizons: [{ horizon: "5s" }, { horizon: "10s" }] },
    ]);
    return data.forecasts[0];
  });
  expect((await call("time_to_threshold", memory)).data).toMatchObject({
    withoutThreshold: 1,
    thresholds: [],
  });
  expect((await call("day_end")).data).toMatchObject({ totals: [] });
  expect((await call("why", { id })).data.explained.quality).toMatchObject([
    { model: "naive" },
    { model: "naive" },
  ]);
  expect((await call("alerts")).data).toMatchObject({ alerts: expect.any(Array) });
  await client.close();
});

/** Which files of the package a command has loaded when it ends. */
function loadedBy(args: readonly string[], input: string): Promise<string[]> {
  const listing =
    'import m from "node:module"; process.on("exit", () => console.error("loaded", ...Object.keys(m._cache)))';
  const child = spawn(process.execPath, ["--import", `data:text/javascript,${listing}`, CLI, ...args]);
  let err = "";
  child.stderr.on("data", (chunk) => (err += chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((done) => {
    child.on("close", () => done((/^loaded (.*)$/m.exec(err)?.[1] ?? "").split(" ")));
  });
}

it.each([
  [["mcp"], true],
  [["forecast"], false],
  [["--help"], false],
  [["status", "http://127.0.0.1:1"], false],
] as const)("%s loads the server of the protocol: %s", async (args, isLoaded) => {
  const loaded = await loadedBy(args, "");
  expect(loaded).toContain(CLI);
  expect(loaded.includes(join(packageRoot, "dist", SERVER))).toBe(isLoaded);
});

it("the file of the server loads no command line, and has no validator of JSON schemas", () => {
  const text = readFileSync(join(packageRoot, "dist", SERVER), "utf8");
  expect(text).not.toContain("cli.cjs");
  // A validator would double it.
  expect(text.length).toBeLessThan(350_000);
});
