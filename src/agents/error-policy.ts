import { MAX_NAME_LENGTH } from "../core/short-name.ts";
import { classOrCode } from "./error-name.ts";

/** How work ended that threw an error, or whose promise was rejected. */
export interface ErrorEnding {
  readonly outcome: "failure" | "cancelled";
  /** Present if the outcome is `failure`. */
  readonly errorType?: string;
}

const CANCELLED: ErrorEnding = { outcome: "cancelled" };
/** The type of an error that has no code and no name. */
const UNKNOWN = "unknown";
/** A chain of causes may be a cycle, or have no end. */
const MAX_CHAIN = 8;

/**
 * A code as systems and libraries write it: `ECONNREFUSED`, `ERR_INVALID_ARG_TYPE`. Other codes may
 * be ids.
 */
const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;
/** Codes of Node and of axios that stand for an abort. */
const ABORT_CODES: readonly unknown[] = ["ABORT_ERR", "ERR_CANCELED"];
/**
 * Abort errors of the web platform, OpenAI's client, LangChain, axios, got, Python's asyncio and
 * gRPC.
 */
const ABORT_NAME =
  /^(\w+\.)*((api_?user|model)?abort(ed)?(error)?|abort_err|cancel(l?ed)?(error)?|err_canceled)$/i;
const TIMEOUT_NAME = /^(\w+\.)*\w*timeout(error)?$/i;

/**
 * Decides whether an error is a failure or a cancellation. All ways to observe work use this
 * function. Never throws, and never reads messages.
 *
 * - An abort in the error, or anywhere in its chain of causes, is a cancellation.
 * - A time limit is a failure, also where it ended the work by an abort (`AbortSignal.timeout`).
 * - Everything else is a failure, of the type that `errorTypeOf` gives.
 */
export function endingOfError(error: unknown): ErrorEnding {
  const chain = chainOf(error);
  if (!chain.some(isAbortItself)) return { outcome: "failure", errorType: typeOf(chain) };
  const timeLimit = chain.find(isTimeoutItself);
  return timeLimit === undefined ? CANCELLED : { outcome: "failure", errorType: typeOf([timeLimit]) };
}

/** The same rule where only the name of an error is known, as in spans: its class, or its code. */
export function endingOfErrorName(name: string): ErrorEnding {
  const isAbort = name.length <= MAX_NAME_LENGTH && ABORT_NAME.test(name);
  return isAbort ? CANCELLED : { outcome: "failure", errorType: classOrCode(name) ?? UNKNOWN };
}

/** Whether an error ends work as cancelled. */
export function isAbort(error: unknown): boolean {
  return endingOfError(error).outcome === "cancelled";
}

/** Whether an error, or one of its causes, is a time limit that ran out. */
export function isTimeout(error: unknown): boolean {
  return chainOf(error).some(isTimeoutItself);
}

/**
 * A short name for an error: the first system code in its chain of causes (`ECONNREFUSED`), else
 * its name, else its class. A name that is a text is a message and is not used. For an error that
 * stands for several attempts (`lastError`), it is that of the last attempt's error. For a thrown
 * value that is no object, it is the type of the value.
 */
export function errorTypeOf(error: unknown): string {
  return typeOf(chainOf(error));
}

/** Reads a property of any value; `undefined` where the value does not allow it. */
export function readProperty(value: unknown, key: string): unknown {
  try {
    return (value as Record<string, unknown> | undefined | null)?.[key];
  } catch {
    return undefined;
  }
}

/**
 * An error and its causes, the outermost first. An error of several attempts (`lastError`) is
 * replaced by the error of the last attempt.
 */
function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  let current = error;
  for (let step = 0; step < MAX_CHAIN; step += 1) {
    const lastError = readProperty(current, "lastError");
    if (isNothing(lastError)) {
      chain.push(current);
      current = readProperty(current, "cause");
      if (isNothing(current)) break;
    } else current = lastError;
  }
  return chain.length === 0 ? [error] : chain;
}

function typeOf(chain: readonly unknown[]): string {
  for (const error of chain) {
    const code = readProperty(error, "code");
    if (typeof code === "string" && CODE.test(code) && classOrCode(code) !== undefined) return code;
  }
  const [outermost] = chain;
  if (typeof outermost !== "object" || outermost === null) return typeof outermost;
  const constructorName = readProperty(readProperty(outermost, "constructor"), "name");
  return classOrCode(readProperty(outermost, "name")) ?? classOfConstructor(constructorName) ?? UNKNOWN;
}

/** A plain object has the constructor `Object`, which is no class of errors. */
function classOfConstructor(name: unknown): string | undefined {
  return name === "Object" ? undefined : classOrCode(name);
}

/** Aborts of OpenAI's client differ only by their class: their `name` is `Error`. */
function isAbortItself(error: unknown): boolean {
  return ABORT_CODES.includes(readProperty(error, "code")) || hasName(error, ABORT_NAME);
}

function isTimeoutItself(error: unknown): boolean {
  return readProperty(error, "code") === "ETIMEDOUT" || hasName(error, TIMEOUT_NAME);
}

function hasName(error: unknown, pattern: RegExp): boolean {
  if (typeof error !== "object" || error === null) return false;
  const names = [readProperty(error, "name"), readProperty(readProperty(error, "constructor"), "name")];
  return names.some(
    (name) => typeof name === "string" && name.length <= MAX_NAME_LENGTH && pattern.test(name),
  );
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}
