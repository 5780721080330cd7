import { afterAll, beforeAll, expect, it } from "vitest";
import { shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { live } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { packed } from "./harness/package-under-test.ts";
import { mustRun } from "./harness/run.ts";

const node = nodeOf(CURRENT);
let installed: InstalledApp;
beforeAll(() => {
  installed = new InstalledApp("bundled");
  mustRun(node, ["bundle.mjs"], installed.folder);
  expect(installed.add(packed()).status).toBe(0);
});
afterAll(() => installed?.remove());

it.each(["esbuild.cjs", "esbuild-minified.cjs", "webpack-production.cjs", "webpack-development.cjs"])(
  "an SDK in one file with an older API is registered as without us, and joined: %s",
  async (file) => {
    const how = { node, app: [file] };
    const bare = await live(installed.folder, { ...how, withUs: false });
    const withUs = await live(installed.folder, {
      ...how,
      withUs: true,
      isTold: (samples) => shownValue([...samples], "app_units_total") === 3,
    });
    expect(bare.stdout).toBe("true\ntrue\nspan\nDONE\n");
    expect([withUs.exit, withUs.stdout]).toEqual([bare.exit, bare.stdout]);
    expect(withUs.stderr).not.toMatch(/^\[(warn|error)\]/m);
  },
);
