import { AsyncLocalStorage } from "node:async_hooks";
import { endingOfError, isTimeout } from "../../agents/error-policy.ts";
import { readMessage } from "./message.ts";
import { CONNECTION_CLOSED, isSubscription, type OperationEnd } from "./operation.ts";
import type { OperationLog } from "./operation-log.ts";
import { agreedVersion, type Protocol, taskOf } from "./protocol.ts";

/** A call of `request` at one end of a connection. */
export interface Caller {
  readonly protocol: object;
  /** Aborts the request. */
  readonly signal: AbortSignal | undefined;
  /** Whether nothing has been sent for it yet, and it has not failed. */
  isWaiting: boolean;
  /** The call around this one, if that waits too. */
  outer: Caller | undefined;
}

interface RequestOptions {
  readonly signal?: unknown;
  /**
   * Set if the request goes into the queue of a task. It is sent when the result of
   * the task is requested.
   */
  readonly relatedTask?: unknown;
}

/** The texts of the SDKs for their own time limits, and the name of the platform's error. */
const TIME_LIMIT = /\btime(d )?out|\bTimeoutError\b/i;

/**
 * Knows which call a message is sent for. A cancellation on the wire does not always have a reason,
 * but its call has.
 */
export class Callers {
  readonly #current = new AsyncLocalStorage<Caller>();

  /**
   * Runs a call of a protocol's `request`. `given` are its arguments, one of which has the signal.
   */
  run<Result>(protocol: object, given: readonly unknown[], request: (caller: Caller) => Result): Result {
    let signal: AbortSignal | undefined;
    let isWaiting = true;
    for (const it of given as readonly (RequestOptions | null | undefined)[]) {
      if (signal === undefined && isSignal(it?.signal)) signal = it.signal;
      if (it?.relatedTask !== undefined) isWaiting = false;
    }
    const current = this.of(protocol);
    const outer = current?.isWaiting === true ? current : undefined;
    const caller = { protocol, signal, isWaiting, outer };
    return this.#current.run(caller, () => request(caller));
  }

  /**
   * The call that a message of `protocol` is sent for. A call of another client or server around it
   * does not count.
   */
  of(protocol: object): Caller | undefined {
    const caller = this.#current.getStore();
    return caller?.protocol === protocol ? caller : undefined;
  }
}

/** A message is sent for a call, or it is known that none will be. */
export function markSent(caller: Caller): void {
  for (let it: Caller | undefined = caller; it !== undefined; it = it.outer) it.isWaiting = false;
  caller.outer = undefined;
}

/**
 * How a request ended that its sender gave up: cancelled if the caller aborted it, else its time
 * limit ran out. If the caller is not known, the reason on the wire decides.
 */
export function howGivenUp(caller: Pick<Caller, "signal"> | undefined, reason: unknown): OperationEnd {
  const hasAborted = caller === undefined || caller.signal?.aborted === true;
  const why = caller === undefined ? reason : caller.signal?.reason;
  return hasAborted && !isTimeout(why) && !(typeof why === "string" && TIME_LIMIT.test(why))
    ? { outcome: "cancelled" }
    : { outcome: "failure", errorType: "timeout" };
}

/** A request that failed before anything was sent. */
export interface UnsentRequest {
  readonly protocol: Protocol;
  /** The message, of any shape. */
  readonly request: unknown;
  readonly failedWith: unknown;
  readonly caller?: Caller;
  readonly wasConnected: boolean;
}

/**
 * Records a request that failed at once. If the server has gone, a client has no other requests.
 */
export function recordUnsent(log: OperationLog, unsent: UnsentRequest): void {
  const { protocol, request } = unsent;
  const { method, params } = (request ?? {}) as { method?: unknown; params?: unknown };
  const message = readMessage({ id: 0, method, params });
  if (message?.kind !== "request" || isSubscription(message.method)) return;
  const link = { protocolVersion: agreedVersion(protocol), transport: undefined };
  const operation = { side: "client", method: message.method, name: message.name } as const;
  log.begin(operation, taskOf(protocol, "client", message.method), () => link)?.end(howItFailed(unsent));
}

function howItFailed({ caller, wasConnected, failedWith }: UnsentRequest): OperationEnd {
  if (caller?.signal?.aborted === true) return howGivenUp(caller, undefined);
  return wasConnected ? endingOfError(failedWith) : { outcome: "failure", errorType: CONNECTION_CLOSED };
}

function isSignal(signal: unknown): signal is AbortSignal {
  return typeof (signal as AbortSignal | undefined)?.aborted === "boolean";
}
