import type { Caller } from "./callers.ts";
import type { Connection, SendOptions } from "./connection.ts";
import { replaceMethod } from "./replaced-method.ts";
import { tell } from "./tell.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What both SDKs call a transport, as far as it is looked at. */
export type Transport = Partial<Record<"start" | "send" | "onmessage" | "onclose", Method>>;

export interface Watch {
  readonly connection: Connection;
  /** Whoever calls at this moment. */
  caller(): Caller | undefined;
  /** Runs what may fail and must not be noticed. */
  safely<Result>(look: () => Result): Result | undefined;
  onClosed(): void;
}

/**
 * Looks at what passes a transport until it is closed. To be called when its callbacks are set and before it starts, so
 * that nothing passes unseen.
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
  return function (this: unknown, ...args) {
    const told = safely(() => connection.sending(args[0], args[1] as SendOptions | undefined, caller()));
    const work = (): unknown => send?.apply(this, args);
    return told === undefined ? work() : tell(work, (failedWith) => safely(() => told(failedWith)));
  };
}

function receivingBy(onmessage: Method | undefined, { connection, safely }: Watch): Method {
  return function (this: unknown, ...args) {
    const handedOn = safely(() => connection.received(args[0]));
    try {
      return onmessage?.apply(this, args);
    } finally {
      if (handedOn !== undefined) safely(handedOn);
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
