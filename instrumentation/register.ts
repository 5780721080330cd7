import * as module from "node:module";
import { writeToStandardError } from "../src/logging/standard-error.ts";
import { takeVariablesOfPm2 } from "../src/system/pm2.ts";
import { runMainByRequire } from "../src/zero-code/main-by-require.ts";
import { compilesByRequire, isTestProcess, isToolProcess } from "../src/zero-code/tool-process.ts";
import type { startZeroCode } from "../src/zero-code/zero-code.ts";

/**
 * The oldest version with the functions of `node:module` that are used here. `engines` in
 * package.json is the same.
 */
const OLDEST_NODE = "22.15.0";

// Variables are read here and not in config/: an older Node cannot load that.
if (compilesByRequire(process.argv.slice(1))) runMainByRequire();
if (!isToolProcess(process.argv.slice(1)) && !isTestProcess(process.execArgv, process.env)) {
  const isNode = process.versions.bun === undefined && process.versions.deno === undefined;
  if (!isNode || typeof module.registerHooks === "function") start();
  else if (process.env.OTEL_SDK_DISABLED?.toLowerCase() !== "true")
    logError(
      `needs Node ${OLDEST_NODE} or newer, this is ${process.versions.node} (\`npm install --save-dev node@22\` adds it to the project)`,
    );
}

/**
 * Loads and starts the monitor. It is not imported above, since in an older Node its imports would
 * end the application. It is loaded by `require`, because `--require` may load this module, which
 * then must not await.
 */
function start(): void {
  try {
    takeVariablesOfPm2(process.env);
    const load = module.createRequire(import.meta.url);
    const zeroCode: { readonly startZeroCode: typeof startZeroCode } = load("../src/zero-code/zero-code.ts");
    zeroCode.startZeroCode();
  } catch (error) {
    logError(`could not be loaded (${error})`);
  }
}

function logError(what: string): void {
  writeToStandardError(`[error] otel-forecast: ${what}; the application runs without it`);
}
