import { readFileSync } from "node:fs";
import { variablesOfProcess } from "../config/environment.ts";
import type { ResolvedOptions } from "../config/options.ts";
import { resolveOptions } from "../config/resolve-options.ts";
import { LOG_PREFIX } from "../logging/component-logger.ts";

/** How a process begins what is wrong with its file; a command says its own name and has no such option. */
const OPTION_PREFIX = /^otel-forecast: option "configFile": /;

/**
 * The options that a process has which is started in this environment with this configuration file. What a variable has
 * wrong is said on standard error.
 *
 * @throws Error that names the file, the line, the key and what was expected.
 */
export function optionsOfProcess(configFile: string | undefined): ResolvedOptions {
  try {
    return resolveOptions(configFile === undefined ? {} : { configFile }, {
      environment: variablesOfProcess(),
      readFile: (path) => readFileSync(path, "utf8"),
      warn: (message) => console.error(`${LOG_PREFIX}${message}`),
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Error(error.message.replace(OPTION_PREFIX, ""), { cause: error });
  }
}
