import { readFileSync } from "node:fs";
import type { ResolvedOptions } from "../pipeline/options/options.ts";
import { resolveOptions } from "../pipeline/options/resolve-options.ts";

/**
 * The options that a process has which is started in this environment with this configuration file. What a variable has
 * wrong is said on standard error.
 *
 * @throws TypeError that names the file, the line, the key and what was expected.
 */
export function optionsOfProcess(configFile: string | undefined): ResolvedOptions {
  return resolveOptions(configFile === undefined ? {} : { configFile }, {
    environment: process.env,
    readFile: (path) => readFileSync(path, "utf8"),
    warn: (message) => console.error(message),
  });
}
