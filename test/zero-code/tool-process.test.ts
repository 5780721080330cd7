import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compilesByRequire, isTestProcess, isToolProcess } from "../../src/zero-code/tool-process.ts";

const modules = "/srv/app/node_modules";

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
  "/root/.cache/node/corepack/v1/pnpm/10.0.0/bin/pnpm.cjs",
  "/usr/local/lib/node_modules/corepack/dist/pnpm.js",
  "/usr/local/lib/node_modules/corepack/dist/corepack.js",
])("%s is a package manager", (script) => {
  expect(isToolProcess([script])).toBe(true);
});

it.each([
  [`${modules}/tsx/dist/cli.mjs`, "watch", "agent.ts"],
  ["/srv/app/node_modules/.pnpm/tsx@4.21.0/node_modules/tsx/dist/cli.mjs", "agent.ts"],
  ["/srv/app/.yarn/cache/tsx-npm-4.21.0-abc.zip/node_modules/tsx/dist/cli.mjs", "agent.ts"],
  [`${modules}/nodemon/bin/nodemon.js`, "agent.js"],
  [`${modules}/cross-env/dist/bin/cross-env.js`, "A=1", "node", "agent.js"],
  [`${modules}/@dotenvx/dotenvx/src/cli/dotenvx.js`, "run", "--", "node", "agent.js"],
  [`${modules}/concurrently/dist/bin/concurrently.js`, "npm:*"],
  [`${modules}/@nestjs/cli/bin/nest.js`, "start"],
  [`${modules}/nx/dist/src/daemon/server/start.js`],
  [`${modules}/turbo/bin/turbo`, "run", "dev"],
  [`${modules}/typescript/bin/tsc`, "--watch"],
  [`${modules}/pm2/bin/pm2`, "start", "agent.js"],
  [`${modules}/pm2/lib/Daemon.js`],
  [`${modules}/ts-node/dist/bin-esm.js`, "agent.ts"],
  [`${modules}/ts-node/dist/bin.js`, "-P", "tsconfig.json", "--esm", "agent.ts"],
  [`${modules}/ts-node-dev/lib/bin.js`, "agent.ts"],
  [`${modules}/next/dist/bin/next`, "dev"],
  [`${modules}/next/dist/bin/next`, "build"],
  [`${modules}/next/dist/compiled/jest-worker/processChild.js`],
  [`${modules}/vite/bin/vite.js`, "build"],
  [`${modules}/vite/bin/vite.js`, "optimize"],
  [`${modules}/astro/astro.js`, "build"],
  [`${modules}/astro/astro.js`, "check"],
])("%s %s is a tool", (...argv) => {
  expect(isToolProcess(argv)).toBe(true);
});

it.each([
  [],
  [""],
  ["/srv/app/agent.js"],
  ["/srv/npm/agent.js"],
  ["/srv/app/npm-cli.js"],
  ["/srv/yarn/bin/agent.js"],
  ["/srv/nodemon/agent.js"],
  ["/srv/app/node_modules/.bin/tsx"],
  [`${modules}/@acme/nodemon/agent.js`],
  [`${modules}/nodemon/node_modules/agent/index.js`],
  [`${modules}/pm2/lib/ProcessContainer.js`],
  [`${modules}/pm2/lib/ProcessContainerFork.js`],
  [`${modules}/ts-node/dist/bin.js`, "agent.ts"],
  [`${modules}/ts-node/dist/bin.js`, "agent.ts", "--esm"],
  [`${modules}/ts-node/dist/child/child-entrypoint.js`, "agent.ts"],
  [`${modules}/ts-node-dev/lib/wrap.js`, "agent.ts"],
  [`${modules}/next/dist/bin/next`, "start"],
  [`${modules}/next/dist/server/lib/start-server.js`],
  [`${modules}/vite/bin/vite.js`],
  [`${modules}/vite/bin/vite.js`, "preview"],
  [`${modules}/astro/astro.js`, "dev"],
  [`${modules}/astro/astro.js`, "preview"],
  [`${modules}/@nx/js/src/executors/node/node-with-require-overrides.js`],
])("%s %s is an application", (...argv) => {
  expect(isToolProcess(argv)).toBe(false);
});

it("is recognised through a link of another name", () => {
  const root = mkdtempSync(join(tmpdir(), "tool-"));
  const folder = join(root, "node_modules", "nodemon", "bin");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "nodemon.js"), "");
  symlinkSync(join(folder, "nodemon.js"), join(root, "start"));
  expect(isToolProcess([join(root, "start")])).toBe(true);
  rmSync(root, { recursive: true });
});

it.each([
  [`${modules}/ts-node/dist/bin.js`, "agent.ts"],
  [`${modules}/ts-node/dist/bin-transpile.js`, "agent.ts"],
])("%s %s compiles by require", (...argv) => {
  expect(compilesByRequire(argv)).toBe(true);
});

it.each([
  [],
  ["/srv/app/agent.js"],
  [`${modules}/ts-node/dist/bin-esm.js`, "agent.ts"],
  [`${modules}/ts-node/dist/bin.js`, "--esm", "agent.ts"],
  [`${modules}/ts-node/dist/child/child-entrypoint.js`, "agent.ts"],
  [`${modules}/ts-node-dev/lib/wrap.js`, "agent.ts"],
])("%s %s does not compile by require", (...argv) => {
  expect(compilesByRequire(argv)).toBe(false);
});

it("recognises the processes of Node's own test runner", () => {
  expect(isTestProcess(["--import", "otel-forecast/register", "--test"], {})).toBe(true);
  expect(isTestProcess([], { NODE_TEST_CONTEXT: "child-v8" })).toBe(true);
  expect(isTestProcess(["--import", "otel-forecast/register"], {})).toBe(false);
});
