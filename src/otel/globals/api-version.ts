import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { apiVersionIn } from "./version-in-source.ts";

const API_PACKAGE = "@opentelemetry/api";
const FRAMES = 12;

/**
 * The version of the copy of `@opentelemetry/api` that has called `boundary`, a function on the call stack. `undefined`
 * where it can't be told.
 */
export function apiVersionOfCaller(boundary: (...args: never[]) => unknown): string | undefined {
  try {
    const frames = callersOf(boundary);
    const [frame] = frames;
    // Code that is handed to `eval`, as bundlers have it in development, is part of the file that has done so.
    const address = frames.find((it) => !it.isEval())?.getFileName();
    if (frame === undefined || address == null) return undefined;
    if (address.startsWith("data:")) return apiVersionIn(textOf(address), placeOf(frame));
    const file = address.startsWith("file:") ? fileURLToPath(address) : address;
    return versionOfPackage(file) ?? apiVersionIn(readFileSync(file, "utf8"), placeOf(frame));
  } catch {
    return undefined;
  }
}

/** The version that the application has installed, as far as this package finds it. */
export function installedApiVersion(): string | undefined {
  try {
    return versionOfPackage(createRequire(import.meta.url).resolve(API_PACKAGE));
  } catch {
    return undefined;
  }
}

/** What has called a function, the last first. What the application has set for stack traces is as before afterwards. */
function callersOf(boundary: (...args: never[]) => unknown): NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = (_, frames) => frames;
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, boundary);
    return holder.stack as NodeJS.CallSite[];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** Line and column, from 1; `undefined` where the code is only part of the file. */
function placeOf(frame: NodeJS.CallSite): { line: number; column: number } | undefined {
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  if (frame.isEval() || line == null || column == null) return undefined;
  return { line, column };
}

function textOf(dataUrl: string): string {
  const comma = dataUrl.indexOf(",");
  const data = dataUrl.slice(comma + 1);
  return /;base64$/i.test(dataUrl.slice(0, comma))
    ? Buffer.from(data, "base64").toString()
    : decodeURIComponent(data);
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
