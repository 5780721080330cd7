import { classOrCode } from "../core/error-name.ts";
import { chainOf, errorTypeIn, readProperty, UNKNOWN_ERROR } from "../core/error-type.ts";
import { MAX_NAME_LENGTH } from "../core/short-name.ts";

/** How work ended that threw an error, or whose promise was rejected. */
export interface ErrorEnding {
  readonly outcome: "failure" | "cancelled";
  /** Present if the outcome is `failure`. */
  readonly errorType?: string;
}

const CANCELLED: ErrorEnding = { outcome: "cancelled" };
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
  if (!chain.some(isAbortItself)) return { outcome: "failure", errorType: errorTypeIn(chain) };
  const timeLimit = chain.find(isTimeoutItself);
  return timeLimit === undefined ? CANCELLED : { outcome: "failure", errorType: errorTypeIn([timeLimit]) };
}

/** The same rule where only the name of an error is known, as in spans: its class, or its code. */
export function endingOfErrorName(name: string): ErrorEnding {
  const isAbort = name.length <= MAX_NAME_LENGTH && ABORT_NAME.test(name);
  return isAbort ? CANCELLED : { outcome: "failure", errorType: classOrCode(name) ?? UNKNOWN_ERROR };
}

/** Whether an error ends work as cancelled. */
export function isAbort(error: unknown): boolean {
  return endingOfError(error).outcome === "cancelled";
}

/** Whether an error, or one of its causes, is a time limit that ran out. */
export function isTimeout(error: unknown): boolean {
  return chainOf(error).some(isTimeoutItself);
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
