import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isPackageManager } from "../../src/package-manager.ts";

it.each([
  "/usr/lib/node_modules/npm/bin/npm-cli.js",
  "/usr/lib/node_modules/npm/bin/npx-cli.js",
  "C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js",
  "/usr/local/lib/node_modules/yarn/bin/yarn.js",
  "/opt/yarn-v1.22.22/node_modules/yarn/bin/yarn.js",
  "/opt/yarn-v1.22.22/bin/yarn.js",
  "/srv/app/.yarn/releases/yarn-4.9.1.cjs",
  "/usr/local/lib/node_modules/pnpm/bin/pnpm.cjs",
  "/usr/local/lib/node_modules/pnpm/bin/pnpx.cjs",
  "/usr/local/lib/node_modules/pnpm/bin/pnpm.mjs",
  "/usr/local/lib/node_modules/corepack/dist/pnpm.js",
  "/usr/local/lib/node_modules/corepack/dist/corepack.js",
])("%s is a package manager", (script) => {
  expect(isPackageManager(script)).toBe(true);
});

it.each([
  undefined,
  "",
  "/srv/app/agent.js",
  "/srv/npm/agent.js",
  "/srv/app/npm-cli.js",
  "/srv/yarn/bin/agent.js",
  "/srv/app/node_modules/.bin/tsx",
  "/srv/app/node_modules/vite/bin/vite.js",
])("%s is none", (script) => {
  expect(isPackageManager(script)).toBe(false);
});

it("is known where a link of another name leads to it", () => {
  const root = mkdtempSync(join(tmpdir(), "launcher-"));
  mkdirSync(join(root, "npm", "bin"), { recursive: true });
  writeFileSync(join(root, "npm", "bin", "npm-cli.js"), "");
  symlinkSync(join(root, "npm", "bin", "npm-cli.js"), join(root, "npm", "run"));
  expect(isPackageManager(join(root, "npm", "run"))).toBe(true);
  rmSync(root, { recursive: true });
});
