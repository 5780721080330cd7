import { workFor } from "../work/current-agent.ts";
import { replaceMethod } from "../work/replaced-method.ts";
import { isAsyncFunction, watchResult } from "../work/watched-result.ts";
import type { Caller } from "./callers.ts";
import type { Connection, SendOptions } from "./connection.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The methods of a transport that are watched. They have the same names in both SDKs. */
export type Transport = Partial<Record<"start" | "send" | "onmessage" | "onclose", Method>>;

/** Receives what happens on a watched transport. */
export interface Watch {
  readonly connection: Connection;
  /** The caller of the request that is sent now. */
  caller(): Caller | undefined;
  /** Runs code of ours, whose errors must not reach the application. */
  safely<Result>(look: () => Result): Result | undefined;
  onClosed(): void;
}

/**
 * Watches the messages of a transport until it is closed. Must be called after its callbacks are
 * set and before it starts: then no message is missed.
 */
export function watchTransport(transport: Transport, watch: Watch): void {
  const undo: (() => void)[] = [];
  const putBack = (): void => {
    for (const one of undo) watch.safely(one);
  };
  try {
    undo.push(replaceMethod(transport, "send", (send) => sendingBy(send, watch)));
    undo.push(replaceMethod(transport, "onmessage", (onmessage) => receivingBy(onmessage, watch)));
    undo.push(replaceMethod(transport, "onclose", (onclose) => closingBy(onclose, watch, putBack)));
  } catch (error) {
    putBack();
    throw error;
  }
}

function sendingBy(send: Method | undefined, { connection, caller, safely }: Watch): Method {
  const isFresh = isAsyncFunction(send);
  return function (this: unknown, ...args) {
    const departure = safely(() => connection.sending(args[0], args[1] as SendOptions | undefined, caller()));
    if (departure === undefined) return send?.apply(this, args);
    const onSent = (failedWith?: unknown): unknown => safely(() => departure.onSent(failedWith));
    const work = (): unknown => send?.apply(this, args);
    return watchCall(work, onSent, departure.isHandled ? "handled" : isFresh);
  };
}

function receivingBy(onmessage: Method | undefined, { connection, safely }: Watch): Method {
  return function (this: unknown, ...args) {
    const arrival = safely(() => connection.received(args[0]));
    if (arrival === undefined) return onmessage?.apply(this, args);
    const { worker, onHandled } = arrival;
    const handle = (): unknown => onmessage?.apply(this, args);
    try {
      return worker === undefined ? handle() : workFor(worker, handle);
    } finally {
      if (onHandled !== undefined) safely(onHandled);
    }
  };
}

function closingBy(
  onclose: Method | undefined,
  { connection, safely, onClosed }: Watch,
  putBack: () => void,
): Method {
  return function (this: unknown, ...args) {
    safely(() => connection.closed());
    putBack();
    onClosed();
    return onclose?.apply(this, args);
  };
}

/**
 * Runs a call and returns its result unchanged. `onEnd` is called when the call has ended: with the
 * error, if it failed.
 *
 * @param isFresh see `watchResult`.
 */
export function watchCall(
  call: () => unknown,
  onEnd: (failedWith?: unknown) => void,
  isFresh: boolean | "handled" = false,
): unknown {
  return watchResult(call, isFresh, {
    succeeded: () => onEnd(),
    failed: (error) => onEnd(error ?? "unknown"),
    unknown: () => {},
  });
}
