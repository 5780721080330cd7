import * as module from "node:module";
import { takeVariablesOfPm2 } from "../src/system/pm2.ts";
import { runMainByRequire } from "../src/zero-code/main-by-require.ts";
import { compilesByRequire, isTestProcess, isToolProcess } from "../src/zero-code/tool-process.ts";
import type { startZeroCode } from "../src/zero-code/zero-code.ts";

/** The oldest that has what is used here of `node:module`; `engines` in package.json says the same. */
const OLDEST_NODE = "22.15.0";

// Variables are read here and not in config/: an older Node cannot load that.
if (compilesByRequire(process.argv.slice(1))) runMainByRequire();
if (!isToolProcess(process.argv.slice(1)) && !isTestProcess(process.execArgv, process.env)) {
  const isNode = process.versions.bun === undefined && process.versions.deno === undefined;
  if (!isNode || typeof module.registerHooks === "function") start();
  else if (process.env.OTEL_SDK_DISABLED?.toLowerCase() !== "true")
    say(
      `needs Node ${OLDEST_NODE} or newer, this is ${process.versions.node} (\`npm install --save-dev node@22\` brings one to a project)`,
    );
}

/**
 * What starts everything is loaded only where it can be: in an older Node its imports would end the application. By
 * `require`, because this module may be loaded by `--require`, and then must not await.
 */
function start(): void {
  try {
    takeVariablesOfPm2(process.env);
    const load = module.createRequire(import.meta.url);
    const zeroCode: { readonly startZeroCode: typeof startZeroCode } = load("../src/zero-code/zero-code.ts");
    zeroCode.startZeroCode();
  } catch (error) {
    say(`could not be loaded (${error})`);
  }
}

function say(what: string): void {
  process.stderr.write(`[error] otel-forecast: ${what}; the application runs without it\n`);
}
