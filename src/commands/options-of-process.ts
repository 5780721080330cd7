import { variablesOfProcess } from "../config/environment.ts";
import type { ResolvedOptions } from "../config/options.ts";
import { readConfigFile } from "../config/read-config-file.ts";
import { resolveOptions } from "../config/resolve-options.ts";
import { LOG_PREFIX } from "../logging/component-logger.ts";
import { visibleLine } from "./visible.ts";

/** The prefix of errors in a process, which a command replaces by its own. */
const OPTION_PREFIX = /^otel-forecast: option "configFile": /;

/**
 * The options of a process in this environment with this configuration file. Invalid variables are
 * reported on standard error.
 *
 * @throws Error with the file, the line, the key and what was expected.
 */
export function optionsOfProcess(configFile: string | undefined): ResolvedOptions {
  try {
    return resolveOptions(configFile === undefined ? {} : { configFile }, {
      environment: variablesOfProcess(),
      readFile: readConfigFile,
      warn: (message) => console.error(visibleLine(`${LOG_PREFIX}${message}`)),
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Error(error.message.replace(OPTION_PREFIX, ""), { cause: error });
  }
}
