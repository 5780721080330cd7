import { readFileSync } from "node:fs";
import type { ResolvedOptions } from "../../src/config/options.ts";
import { resolveOptions } from "../../src/config/resolve-options.ts";

/** The options of a process with this configuration file and these variables; anything wrong with them is an error. */
export function optionsFor(
  configFile?: string,
  environment: Readonly<Record<string, string>> = {},
): ResolvedOptions {
  return resolveOptions(configFile === undefined ? {} : { configFile }, {
    environment,
    readFile: (path) => readFileSync(path, "utf8"),
    warn: (message) => {
      throw new Error(message);
    },
  });
}
