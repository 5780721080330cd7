import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { Child, packageRoot } from "../e2e/harness/child.ts";

const { engines } = JSON.parse(readFileSync(resolve(packageRoot, "package.json"), "utf8"));
const app = "console.log('the app runs', process.env.OTEL_FORECAST_PARENT !== undefined)";
/** What an older Node has of `node:module`. */
const older = `data:text/javascript,${encodeURIComponent(
  'import module from "node:module"; module.registerHooks = undefined; module.syncBuiltinESMExports();',
)}`;

function run(flags: readonly string[], env: Record<string, string> = {}) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, "-e", app], {
    cwd: packageRoot,
    env: { OTEL_LOG_LEVEL: "warn", ...env },
    encoding: "utf8",
  });
  return { stdout: stdout.trim(), stderr: stderr.trim(), status };
}

describe("otel-forecast/register", () => {
  it.each(["--import", "--require"])("starts before the app by %s", (flag) => {
    expect(run([flag, "otel-forecast/register"])).toEqual({
      stdout: "the app runs true",
      stderr: "",
      status: 0,
    });
  });

  it("says in one line which Node it needs where the one that runs is older, and lets the app run", () => {
    const { stdout, stderr, status } = run(["--import", older, "--import", "otel-forecast/register"]);
    expect({ stdout, status }).toEqual({ stdout: "the app runs false", status: 0 });
    const needed = engines.node.replace(">=", "");
    expect(stderr).toBe(
      `[error] otel-forecast: needs Node ${needed} or newer, this is ${process.versions.node} (\`npm install --save-dev node@22\` adds it to the project); the application runs without it`,
    );
  });

  it("names its endpoint when it has the port, and not before", async (context) => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { port } = blocker.address() as AddressInfo;
    const working = ["--eval", "setInterval(() => console.log('works'), 50)"];
    const child = new Child("app", process.execPath, ["--import", "otel-forecast/register", ...working], {
      env: { OTEL_EXPORTER_PROMETHEUS_PORT: String(port) },
    });
    context.onTestFinished(() => child.stop());
    context.onTestFinished(() => void blocker.close());
    await child.waitFor("why it can't listen", () => child.stderr.includes("cannot listen") || undefined);
    const before = child.stdout.length;
    await child.waitFor("work after that", () => child.stdout.length > before || undefined);
    expect(child.stderr).not.toContain("metrics and forecasts at");
    blocker.close();
    await child.waitFor("that it listens", () => child.stderr.includes(`localhost:${port} now`) || undefined);
  });

  it("says nothing there when it is switched off", () => {
    const flags = ["--import", older, "--import", "otel-forecast/register"];
    expect(run(flags, { OTEL_SDK_DISABLED: "true" }).stderr).toBe("");
  });
});
