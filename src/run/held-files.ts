import { resolve } from "node:path";
import * as v from "valibot";

/** Tells child processes, and whoever else reads the variables of the process, which files are written here. */
const VARIABLE = "OTEL_FORECAST_HISTORY_HELD";

const pathsSchema = v.array(v.string());

/**
 * Takes a file for a process whose children inherit `environment`, and with it the setting that names the file. Gives
 * how to let go of it; `undefined` where it is taken already, by this process or by one that started it.
 */
export function holdFile(path: string, environment: NodeJS.ProcessEnv): (() => void) | undefined {
  const absolute = resolve(path);
  const held = heldFiles(environment);
  if (held.includes(absolute)) return undefined;
  tell([...held, absolute], environment);
  return () =>
    tell(
      heldFiles(environment).filter((other) => other !== absolute),
      environment,
    );
}

function heldFiles(environment: NodeJS.ProcessEnv): string[] {
  try {
    return v.parse(pathsSchema, JSON.parse(environment[VARIABLE] ?? "[]"));
  } catch {
    return [];
  }
}

function tell(paths: readonly string[], environment: NodeJS.ProcessEnv): void {
  if (paths.length === 0) delete environment[VARIABLE];
  else environment[VARIABLE] = JSON.stringify(paths);
}
