import { existsSync, readFileSync } from "node:fs";
import { Module } from "node:module";
import { dirname, extname, join } from "node:path";

/** Functions of Node that are not documented, but that tools like ts-node call. */
interface MainRunner {
  runMain(main?: string): void;
  _load(file: string, parent: null, isMain: boolean): unknown;
}

/**
 * Makes `Module.runMain` load the application by `require`, as it does without `--import`. With
 * `--import`, Node loads it like an ES module, without the hooks that ts-node has added to
 * `require`: then nothing compiles it.
 */
export function runMainByRequire(runner: MainRunner = Module as unknown as MainRunner): void {
  const { runMain } = runner;
  runner.runMain = (main = process.argv[1]) => {
    if (main === undefined || isModule(main)) runMain.call(runner, main);
    else runner._load(main, null, true);
  };
}

/** Whether a file is an ES module, by its name or by its package. */
function isModule(file: string): boolean {
  const extension = extname(file);
  if ([".mjs", ".mts", ".wasm"].includes(extension)) return true;
  return ![".cjs", ".cts"].includes(extension) && packageTypeIn(dirname(file)) === "module";
}

/**
 * Not `findPackageJSON` of Node: without a package around the file, that returns the file itself.
 */
function packageTypeIn(folder: string): string | undefined {
  const file = join(folder, "package.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")).type;
  const above = dirname(folder);
  return above === folder ? undefined : packageTypeIn(above);
}
