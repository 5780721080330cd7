import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, expect, it, vi } from "vitest";
import { generateDashboards } from "../../src/artifacts/dashboards/dashboards.ts";
import { defineDashboard } from "../../src/commands/dashboard.ts";
import { optionsFor } from "../artifacts/options-for.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "otel-forecast-dashboard-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

it("writes every dashboard into a folder that it makes, and says where", async () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const output = join(folder, "deep/er");
  const program = new Command().exitOverride();
  defineDashboard(program);
  await program.parseAsync(["dashboard", "--output", output], { from: "user" });
  const files = await generateDashboards(optionsFor());
  expect(readdirSync(output).sort()).toEqual(files.map(({ name }) => name).sort());
  for (const { name, text } of files) expect(readFileSync(join(output, name), "utf8")).toBe(text);
  expect(write.mock.calls.flat()).toEqual(files.map(({ name }) => `${join(output, name)}\n`));
});

it.runIf(existsSync("/proc/self"))("ends where the folder can't be made", () => {
  const args = ["--no-warnings", "src/cli.ts", "dashboard", "--output", "/proc/dashboards"];
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    timeout: 20_000,
  });
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("/proc/dashboards") });
});

it("writes the dashboards of a gateway for its file, and for --gateway", async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  for (const [index, args] of [["--config", "examples/gateway/gateway.yaml"], ["--gateway"]].entries()) {
    const output = join(folder, `gateway-${index}`);
    const program = new Command().exitOverride();
    defineDashboard(program);
    await program.parseAsync(["dashboard", ...args, "--output", output], { from: "user" });
    expect(readdirSync(output).sort()).toEqual(["forecast-quality.json", "gateway.json"]);
  }
});

/** A process in which the SDK is not installed. */
const withoutSdk = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith("@grafana/")) return next(specifier, context);
      throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
    },
  });
`)}`;

it("says how to install Grafana's SDK where it is not, and needs it for nothing else", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", withoutSdk, "src/cli.ts", ...args], {
      cwd: root,
      encoding: "utf8",
    });
  const dashboard = run("dashboard", "--output", folder);
  expect(dashboard.status).toBe(1);
  expect(dashboard.stderr).toContain("npm install --save-dev @grafana/grafana-foundation-sdk");
  expect(run("rules").status).toBe(0);
});
