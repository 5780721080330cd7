import { readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { live, UNITS } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { bun, npmOf, type PackageManager, pnpm, yarn1, yarn4 } from "./harness/package-managers.ts";
import { packed } from "./harness/package-under-test.ts";
import { run } from "./harness/run.ts";

interface Installer {
  readonly name: string;
  readonly manager: () => PackageManager;
  /** What Node is started with where there is no folder of packages. */
  readonly nodeArgs?: readonly string[];
}

const INSTALLERS: readonly Installer[] = [
  { name: "npm 10", manager: () => npmOf("10.9.9") },
  { name: "npm 11", manager: () => npmOf("11.21.2") },
  { name: "pnpm 12", manager: () => pnpm },
  { name: "yarn 1", manager: yarn1 },
  { name: "yarn 4 with node_modules", manager: () => yarn4("node-modules") },
  {
    name: "yarn 4 with Plug'n'Play",
    manager: () => yarn4("pnp"),
    nodeArgs: ["--require", "./.pnp.cjs", "--experimental-loader", "./.pnp.loader.mjs"],
  },
  { name: "bun", manager: bun },
];

let tarball: string;
beforeAll(() => {
  tarball = packed();
});

describe.each(INSTALLERS)("installed by $name", ({ manager, nodeArgs = [] }) => {
  it("needs no flag, adds no second API, and runs", async () => {
    const installed = new InstalledApp("plain", manager());
    onTestFinished(() => installed.remove());
    const { status, output } = installed.add(tarball);
    expect({ status, output }).toEqual({
      status: 0,
      output: expect.not.stringMatching(/ERESOLVE|peer|^(npm )?(err|warn)|YN0060|YN0002/im),
    });
    if (nodeArgs.length === 0) expect(installed.copiesOf("@opentelemetry/api")).toBe(1);

    const node = nodeOf(CURRENT);
    const loads = 'typeof (await import("otel-forecast")).PerformanceMonitor';
    const requires = 'typeof require("otel-forecast").PerformanceMonitor';
    for (const args of [
      ["--input-type=module", "--eval", `console.log(${loads})`],
      ["--print", requires],
    ])
      expect(run(node, [...nodeArgs, ...args], installed.folder).output).toContain("function");

    const { exit, stdout } = await live(installed.folder, {
      node,
      app: ["app.mjs"],
      nodeArgs,
      withUs: true,
      isTold: (samples) =>
        shownValue([...samples], "app_units_total") === UNITS &&
        shownValue([...samples], "ai_cloud_completed_tasks_total", { agent: "planner" }) === UNITS,
    });
    expect({ exit, stdout }).toEqual({ exit: { code: 0, signal: null }, stdout: "DONE\n" });
  });
});

it("is one package beside the API in an empty app, of no more than 8 MB", () => {
  const installed = new InstalledApp("empty", npmOf("11.21.2"));
  onTestFinished(() => installed.remove());
  expect(installed.add(tarball).status).toBe(0);
  const folder = realpathSync(join(installed.folder, "node_modules"));
  const packages = readdirSync(folder).filter((name) => !name.startsWith("."));
  expect(packages).toEqual(["@opentelemetry", "otel-forecast"]);
  expect(readdirSync(join(folder, "@opentelemetry"))).toEqual(["api"]);
  const [kilobytes] = run("du", ["-sk", folder], folder).output.split("\t");
  expect(Number(kilobytes)).toBeLessThan(8000);
});
