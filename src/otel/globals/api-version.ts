import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const API_PACKAGE = "@opentelemetry/api";

/** A version of the 1.x line, as a string. Code for `eval` escapes the quotes. */
const VERSION = String.raw`\\?["'\x60](1\.\d+\.\d+(?:-[\w.-]+)?)\\?["'\x60]`;
const ASSIGNED = new RegExp(String.raw`[\w$]\s*=\s*${VERSION}`, "g");
/** The comparison with the version of the global object, if a bundler has inlined the version. */
const COMPARED = new RegExp(String.raw`version\s*!==?\s*${VERSION}`);
/** The comparison starts at most this many characters after the place of the call. */
const MAX_COMPARED_DISTANCE = 300;
/** The name of the global object, with the major version. The object for logs has another name. */
const GLOBAL_OBJECT = /opentelemetry\.js\.api\.(?:\\?["'`]|\$\{|1\\?["'`])/;

/** A place in a source file. Line and column start at 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * The version of the copy of `@opentelemetry/api` that called `boundary`, a function on the call
 * stack. `undefined` if it cannot be found.
 */
export function apiVersionOfCaller(boundary: (...args: never[]) => unknown): string | undefined {
  try {
    const frames = callersOf(boundary);
    const [frame] = frames;
    // Some bundlers use `eval` in development. The code then is part of the file that calls `eval`.
    const address = frames.find((it) => !it.isEval())?.getFileName();
    if (frame === undefined || address == null) return undefined;
    if (address.startsWith("data:")) return apiVersionIn(textOf(address), placeOf(frame));
    const file = address.startsWith("file:") ? fileURLToPath(address) : address;
    return versionOfPackage(file) ?? apiVersionIn(readFileSync(file, "utf8"), placeOf(frame));
  } catch {
    return undefined;
  }
}

/** The version that Node resolves from this package; `undefined` if there is none. */
export function installedApiVersion(): string | undefined {
  try {
    return versionOfPackage(createRequire(import.meta.url).resolve(API_PACKAGE));
  } catch {
    return undefined;
  }
}

/**
 * The callers of a function, the nearest first. Restores the application's settings of stack
 * traces.
 */
function callersOf(boundary: (...args: never[]) => unknown): NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = Number.POSITIVE_INFINITY;
    Error.prepareStackTrace = (_, frames) => frames;
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, boundary);
    return holder.stack as NodeJS.CallSite[];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** `undefined` for code in `eval`, whose lines are not those of the file. */
function placeOf(frame: NodeJS.CallSite): Place | undefined {
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

/**
 * The version of the copy of `@opentelemetry/api` in a bundle. There may be several copies, and
 * packages with similar versions. The candidates, the best first:
 * 1. the version in the comparison at the place of the call
 * 2. the version that is assigned nearest to the place of the call
 * 3. if the place is unknown, the version that is assigned nearest to the name of the global object
 */
export function apiVersionIn(source: string, place: Place | undefined): string | undefined {
  const called = place === undefined ? undefined : offsetOf(source, place);
  const compared =
    called === undefined ? null : source.slice(called, called + MAX_COMPARED_DISTANCE).match(COMPARED);
  if (compared !== null) return compared[1];
  const centre = called ?? source.search(GLOBAL_OBJECT);
  if (centre < 0) return undefined;
  let nearest: RegExpMatchArray | undefined;
  const distance = ({ index = 0 }: RegExpMatchArray): number => Math.abs(index - centre);
  for (const assigned of source.matchAll(ASSIGNED))
    if (nearest === undefined || distance(assigned) < distance(nearest)) nearest = assigned;
  return nearest?.[1];
}

function offsetOf(source: string, { line, column }: Place): number {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) start = source.indexOf("\n", start) + 1;
  return start + column - 1;
}
