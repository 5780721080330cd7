import { AsyncLocalStorage } from "node:async_hooks";
import { isTimeout } from "../../agents/error-policy.ts";
import type { OperationEnd } from "./operation.ts";

/** Whoever asked one end of a connection to send a request. */
export interface Caller {
  readonly protocol: object;
  /** By which the request can be given up. */
  readonly signal: AbortSignal | undefined;
  /** Nothing has been sent for it yet, and it is not known to have failed. */
  isWaiting: boolean;
  /** Whoever called it, where that waits too. */
  outer: Caller | undefined;
}

interface RequestOptions {
  readonly signal?: unknown;
  /** Set where the request is put into the queue of a task, which whoever asks for the task's result sends. */
  readonly relatedTask?: unknown;
}

/** How the SDKs call a time limit of theirs that ran out, and the platform one that a caller has set. */
const TIME_LIMIT = /\btime(d )?out|\bTimeoutError\b/i;

/** Knows on whose behalf a request is sent: that a caller gave up is told on the wire, and not always why. */
export class Callers {
  readonly #current = new AsyncLocalStorage<Caller>();

  /** Runs a call of a protocol's `request` with these arguments, of which the options have the signal. */
  run<Result>(protocol: object, given: readonly unknown[], request: (caller: Caller) => Result): Result {
    const options = given.map((it) => (it ?? {}) as RequestOptions);
    const signal = options.map((it) => it.signal).find(isSignal);
    const isWaiting = options.every((it) => it.relatedTask === undefined);
    const current = this.of(protocol);
    const outer = current?.isWaiting === true ? current : undefined;
    const caller = { protocol, signal, isWaiting, outer };
    return this.#current.run(caller, () => request(caller));
  }

  /** The caller that a message is sent for. Where one end serves within a call of another, that is not its caller. */
  of(protocol: object): Caller | undefined {
    const caller = this.#current.getStore();
    return caller?.protocol === protocol ? caller : undefined;
  }
}

/** A message goes out for a caller, or it is known that none will. */
export function markSent(caller: Caller): void {
  for (let it: Caller | undefined = caller; it !== undefined; it = it.outer) it.isWaiting = false;
  caller.outer = undefined;
}

/**
 * How a request ended that its sender gave up: by the caller's abort it is cancelled, else its time limit ran out. Where
 * the caller is not known, the reason on the wire tells.
 */
export function howGivenUp(caller: Pick<Caller, "signal"> | undefined, reason: unknown): OperationEnd {
  const hasAborted = caller === undefined || caller.signal?.aborted === true;
  const why = caller === undefined ? reason : caller.signal?.reason;
  return hasAborted && !isTimeout(why) && !(typeof why === "string" && TIME_LIMIT.test(why))
    ? { outcome: "cancelled" }
    : { outcome: "failure", errorType: "timeout" };
}

function isSignal(signal: unknown): signal is AbortSignal {
  return typeof (signal as AbortSignal | undefined)?.aborted === "boolean";
}
