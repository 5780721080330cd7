import { resolve } from "node:path";
import * as v from "valibot";
import { HANDED_ON } from "../core/handed-on.ts";

/** Lists the files that this process writes, so that child processes, which inherit it, do not. */
const VARIABLE = HANDED_ON.historyHeld;

const pathsSchema = v.array(v.string());

/**
 * Reserves a file for this process. Child processes inherit `environment`, and with it the setting
 * that names the file: they see in it that the file is reserved.
 *
 * @returns a function that releases the file; `undefined` if this process, or one that started it,
 * has reserved the file already.
 */
export function reserveFile(path: string, environment: NodeJS.ProcessEnv): (() => void) | undefined {
  const absolute = resolve(path);
  const reserved = reservedFiles(environment);
  if (reserved.includes(absolute)) return undefined;
  write([...reserved, absolute], environment);
  return () =>
    write(
      reservedFiles(environment).filter((other) => other !== absolute),
      environment,
    );
}

function reservedFiles(environment: NodeJS.ProcessEnv): string[] {
  try {
    return v.parse(pathsSchema, JSON.parse(environment[VARIABLE] ?? "[]"));
  } catch {
    return [];
  }
}

function write(paths: readonly string[], environment: NodeJS.ProcessEnv): void {
  if (paths.length === 0) delete environment[VARIABLE];
  else environment[VARIABLE] = JSON.stringify(paths);
}
