import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { packageRoot } from "../e2e/harness/child.ts";
import { type ShownSample, shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { errorLines, live, UNITS } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { bun, npmOf, type PackageManager, pnpm, yarn1, yarn4 } from "./harness/package-managers.ts";
import { packed } from "./harness/package-under-test.ts";
import { mustRun, run } from "./harness/run.ts";

interface Installer {
  readonly name: string;
  readonly manager: () => PackageManager;
  /** Its message about the missing API, if it does not install peer dependencies itself. */
  readonly missesApi?: RegExp;
}

const INSTALLERS: readonly Installer[] = [
  { name: "npm 10", manager: () => npmOf("10.9.9") },
  { name: "npm 11", manager: () => npmOf("11.21.2") },
  { name: "pnpm 12", manager: () => pnpm },
  { name: "bun", manager: bun },
  {
    name: "yarn 1",
    manager: yarn1,
    missesApi: /^warning " > otel-forecast@[\d.]+" has unmet peer dependency "@opentelemetry\/api@/,
  },
  ...(["node-modules", "pnp"] as const).map((linker) => ({
    name: `yarn 4 with ${linker}`,
    manager: () => yarn4(linker),
    missesApi: /doesn't provide @opentelemetry\/api .*, requested by otel-forecast|YN0086.*peer dependencies/,
  })),
];

const MOST_PACKAGES = 6;
const MOST_KILOBYTES = 8000;

let tarball: string;
beforeAll(() => {
  tarball = packed();
});

it("runs no script when it is installed", () => {
  const { scripts } = JSON.parse(mustRun("tar", ["xzOf", tarball, "package/package.json"], packageRoot));
  expect(Object.keys(scripts)).not.toContainEqual(expect.stringMatching(/^(pre|post)?install$|^prepare$/));
});

describe.each(INSTALLERS)("installed by $name", ({ manager, missesApi }) => {
  it("needs no flag, logs nothing, adds no second API, and shows what the app measures", async () => {
    const app = new InstalledApp("plain", manager());
    onTestFinished(() => app.remove());
    const { status, output } = app.add(tarball);
    expect({ status, complaints: complaintsIn(output) }).toEqual({ status: 0, complaints: [] });
    expect(apisOf(app)).toBe(1);
    expectBothWaysOfImporting(app);
    await expectRun(app, (samples) => shownValue(samples, "app_units_total") === UNITS);
  });

  it("runs also in an app without the API, and is small", async () => {
    const app = new InstalledApp("empty", manager());
    onTestFinished(() => app.remove());
    const { status, output } = app.add(tarball);
    const complaints = complaintsIn(output);
    expect({ status, complaints: complaints.filter((it) => !missesApi?.test(it)) }).toEqual({
      status: 0,
      complaints: [],
    });
    expect({ isMissed: complaints.length > 0, apis: apisOf(app) }).toEqual(
      missesApi === undefined ? { isMissed: false, apis: 1 } : { isMissed: true, apis: 0 },
    );
    expectFewAndSmall(app);
    expectBothWaysOfImporting(app);
    await expectRun(app, () => true);
  });
});

/**
 * Messages about the package or its peers, without those about an old tool, user settings or
 * Plug'n'Play.
 */
function complaintsIn(output: string): string[] {
  const isComplaint = /warn|\berr|deprecat|peer|blocked|ignored|YN(?!0000|0013|0085|0092)\d{4}/i;
  const isOther = /Unknown (user|env) config|url\.parse\(\)|--trace-deprecation|YN0000: · Done with warnings/;
  return output.split("\n").filter((line) => isComplaint.test(line) && !isOther.test(line));
}

/** The number of copies of the API in an app, from its folder of packages or its lock file. */
function apisOf(app: InstalledApp): number {
  if (existsSync(join(app.folder, "node_modules"))) return app.copiesOf("@opentelemetry/api");
  const lock = readFileSync(join(app.folder, "yarn.lock"), "utf8");
  return lock.split("\n").filter((line) => line.startsWith('"@opentelemetry/api@')).length;
}

function expectFewAndSmall({ folder }: InstalledApp): void {
  const packages = join(folder, "node_modules");
  if (!existsSync(packages)) return;
  const files = readdirSync(packages, { recursive: true, encoding: "utf8" });
  const roots = files.filter((file) => /(^|node_modules\/)(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(file));
  expect(roots).toContain("otel-forecast/package.json");
  expect(roots.length).toBeLessThanOrEqual(MOST_PACKAGES);
  const [kilobytes] = run("du", ["-sk", packages], folder).output.split("\t");
  expect(Number(kilobytes)).toBeLessThan(MOST_KILOBYTES);
}

/** Both entries in one program, from the packed file: no tool has used a cached older one. */
function expectBothWaysOfImporting(app: InstalledApp): void {
  const program = `
    import { readFileSync } from "node:fs";
    import { createRequire } from "node:module";
    import { PerformanceMonitor } from "otel-forecast";
    const require = createRequire("${app.folder}/app.mjs");
    const isOne = require("otel-forecast").PerformanceMonitor === PerformanceMonitor;
    const core = readFileSync(require.resolve("otel-forecast/package.json").replace("package.json", "dist/core.cjs"));
    console.log(isOne, core.equals(readFileSync("${packageRoot}/dist/core.cjs")));`;
  const args = [...app.starter, "--input-type=module", "--eval", program];
  expect(run(nodeOf(CURRENT), args, app.folder)).toEqual({ status: 0, output: "true true\n" });
}

/** The app runs with the plugin preloaded, and its agent and our metrics are shown. */
async function expectRun(
  app: InstalledApp,
  isShownToo: (samples: readonly ShownSample[]) => boolean,
): Promise<void> {
  const life = await live(app.folder, {
    node: nodeOf(CURRENT),
    starter: app.starter,
    app: ["app.mjs"],
    withUs: true,
    isTold: (samples) =>
      shownValue(samples, "ai_cloud_completed_tasks_total", { agent: "planner" }) === UNITS &&
      shownValue(samples, "system_memory_usage_percent") !== undefined &&
      isShownToo(samples),
  });
  expect([life.exit, life.stdout]).toEqual([{ code: 0, signal: null }, "DONE\n"]);
  expect(errorLines(life)).toEqual([
    expect.stringMatching(/^\[info\] otel-forecast: metrics and forecasts at \S+$/),
  ]);
}
