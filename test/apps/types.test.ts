import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { errorLines, live, UNITS } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { packed } from "./harness/package-under-test.ts";
import { run } from "./harness/run.ts";

const ALWAYS = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022", "--types", "node"];
/** The app imports a JavaScript module and a TypeScript module by their files. */
const FILES = ["--allowJs", "--allowImportingTsExtensions"];

/** The ways of resolving modules: Node's, and that of bundlers. */
const RESOLUTIONS = [
  { name: "node16", module: "node16", files: ["app.mts", "shared/common-js.cts"] },
  { name: "bundler", module: "esnext", files: ["app.mts"] },
] as const;

let tarball: string;
beforeAll(() => {
  tarball = packed();
});

describe.each(["types-2.0", "types-2", "types-3"])("an app in TypeScript, %s", (name) => {
  let installed: InstalledApp;
  beforeAll(() => {
    installed = new InstalledApp(name);
    expect(installed.add(tarball).status).toBe(0);
  });
  afterAll(() => installed?.remove());

  it.each(RESOLUTIONS)(
    "fits the types of its SDK as $name finds them",
    ({ name: resolution, module, files }) => {
      const how = ["--module", module, "--moduleResolution", resolution, ...ALWAYS, ...FILES];
      const tsc = ["node_modules/typescript/bin/tsc", ...how, ...files];
      expect(run(nodeOf(CURRENT), tsc, installed.folder)).toEqual({ status: 0, output: "" });
    },
  );

  it("runs: the SDK exports our metrics, and we show and forecast what the app measures", async () => {
    const life = await live(installed.folder, {
      node: nodeOf(CURRENT),
      app: ["app.mts"],
      withUs: true,
      preload: [],
      isTold: (samples) =>
        shownValue(samples, "ai_cloud_completed_tasks_total", { agent: "planner" }) === UNITS &&
        shownValue(samples, "app_units_total") === UNITS &&
        shownValue(samples, "app_queue_predicted") !== undefined,
    });
    expect([life.exit, life.stdout, errorLines(life)]).toEqual([
      { code: 0, signal: null },
      "DONE\ntrue true\n",
      [],
    ]);
  });
});
