import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const API_PACKAGE = "@opentelemetry/api";
/** In a file that a bundler has made, the version stands this near before the name of the global object. */
const NEAR = 4000;
const FRAMES = 12;

/**
 * The version of the copy of `@opentelemetry/api` that has called `boundary`, a function on the call stack. `undefined`
 * where it can't be told.
 */
export function apiVersionOfCaller(boundary: (...args: never[]) => unknown): string | undefined {
  try {
    const file = callerOf(boundary);
    return file === undefined ? undefined : (versionOfPackage(file) ?? versionInBundle(file));
  } catch {
    return undefined;
  }
}

/** The file of what has called a function. What the application has set for stack traces is as before afterwards. */
function callerOf(boundary: (...args: never[]) => unknown): string | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = (_, frames) => frames;
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, boundary);
    const [frame] = holder.stack as NodeJS.CallSite[];
    const name = frame?.getFileName() ?? undefined;
    return name?.startsWith("file:") ? fileURLToPath(name) : name;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

function versionOfPackage(file: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const found = readPackage(join(folder, "package.json"));
    if (found?.name === API_PACKAGE) return found.version;
  }
  return undefined;
}

function readPackage(path: string): { readonly name?: string; readonly version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function versionInBundle(file: string): string | undefined {
  const source = readFileSync(file, "utf8");
  const at = source.indexOf("opentelemetry.js.api.");
  if (at < 0) return undefined;
  return source
    .slice(Math.max(0, at - NEAR), at)
    .match(/["'`]1\.\d+\.\d+["'`]/g)
    ?.at(-1)
    ?.slice(1, -1);
}
