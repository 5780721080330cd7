import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { runMainByRequire } from "../../src/zero-code/main-by-require.ts";

const { argv } = process;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "main-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** How an application is run, with what its package.json says. */
function waysOf(file: string, packageText: string | undefined): string[] {
  if (packageText !== undefined) writeFileSync(join(folder, "package.json"), packageText);
  const ways: string[] = [];
  const runner = {
    runMain: (main: string) => ways.push(`by Node ${main}`),
    _load: (main: string, parent: null, isMain: boolean) =>
      ways.push(`by require ${main} ${parent} ${isMain}`),
  };
  runMainByRequire(runner);
  process.argv = ["node", join(folder, file)];
  onTestFinished(() => {
    process.argv = argv;
  });
  runner.runMain(undefined as unknown as string);
  return ways;
}

it.each([
  ["agent.ts", undefined],
  ["agent.ts", "{}"],
  ["agent.js", '{"type":"commonjs"}'],
  ["agent.cts", '{"type":"module"}'],
])("%s with the package.json %s is run by require", (file, packageText) => {
  expect(waysOf(file, packageText)).toEqual([`by require ${join(folder, file)} null true`]);
});

it.each([
  ["agent.mts", undefined],
  ["agent.ts", '{"type":"module"}'],
])("%s with the package.json %s is run as Node runs it", (file, packageText) => {
  expect(waysOf(file, packageText)).toEqual([`by Node ${join(folder, file)}`]);
});
