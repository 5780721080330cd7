import { AsyncLocalStorage } from "node:async_hooks";
import type { OperationEnd } from "./operation.ts";

/** Whoever asked one end of a connection to send a request. */
export interface Caller {
  readonly protocol: object;
  /** By which the request can be given up. */
  readonly signal: AbortSignal | undefined;
}

/** How the SDKs call a time limit of theirs that ran out, and the platform one that a caller has set. */
const TIME_LIMIT = /\btime(d )?out|\bTimeoutError\b/i;

/** Knows on whose behalf a request is sent: that a caller gave up is told on the wire, and not always why. */
export class Callers {
  readonly #current = new AsyncLocalStorage<Caller>();

  /** Runs a call of a protocol's `request` with these arguments, of which the options have the signal. */
  run<Result>(protocol: object, given: readonly unknown[], request: () => Result): Result {
    const signal = given.map((it) => (it as { signal?: AbortSignal } | undefined)?.signal).find(isSignal);
    return this.#current.run({ protocol, signal }, request);
  }

  /** The caller that a message is sent for. Where one end serves within a call of another, that is not its caller. */
  of(protocol: object): Caller | undefined {
    const caller = this.#current.getStore();
    return caller?.protocol === protocol ? caller : undefined;
  }
}

/**
 * How a request ended that its sender gave up: by the caller's abort it is cancelled, else its time limit ran out. Where
 * the caller is not known, the reason on the wire tells.
 */
export function howGivenUp(caller: Caller | undefined, reason: unknown): OperationEnd {
  const hasAborted = caller === undefined || caller.signal?.aborted === true;
  const why = caller === undefined ? reason : caller.signal?.reason;
  return hasAborted && !TIME_LIMIT.test(textOf(why))
    ? { outcome: "cancelled" }
    : { outcome: "failure", errorType: "timeout" };
}

function isSignal(signal: unknown): signal is AbortSignal {
  return typeof (signal as AbortSignal | undefined)?.aborted === "boolean";
}

function textOf(why: unknown): string {
  if (typeof why === "string") return why;
  const { name } = (why ?? {}) as { name?: unknown };
  return typeof name === "string" ? name : "";
}
