import { existsSync, readFileSync } from "node:fs";
import { Module } from "node:module";
import { dirname, extname, join } from "node:path";

/** What Node has and does not document, because tools as old as ts-node call it. */
interface MainRunner {
  runMain(main?: string): void;
  _load(file: string, parent: null, isMain: boolean): unknown;
}

/**
 * Has `Module.runMain` load the application by `require` wherever it would without `--import`. With that, Node loads it as it
 * loads ES modules, past what ts-node has put into `require`: nothing would compile it.
 */
export function runMainByRequire(runner: MainRunner = Module as unknown as MainRunner): void {
  const { runMain } = runner;
  runner.runMain = (main = process.argv[1]) => {
    if (main === undefined || isModule(main)) runMain.call(runner, main);
    else runner._load(main, null, true);
  };
}

/** Whether a file is an ES module by its name, or by what its package says. */
function isModule(file: string): boolean {
  const extension = extname(file);
  if ([".mjs", ".mts", ".wasm"].includes(extension)) return true;
  return ![".cjs", ".cts"].includes(extension) && packageTypeIn(dirname(file)) === "module";
}

/** `findPackageJSON` of Node names the file itself where no package is around it. */
function packageTypeIn(folder: string): string | undefined {
  const file = join(folder, "package.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")).type;
  const above = dirname(folder);
  return above === folder ? undefined : packageTypeIn(above);
}
