import type { Caller } from "./callers.ts";
import type { Connection, SendOptions } from "./connection.ts";
import { replaceMethod } from "./replaced-method.ts";

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
export function watchTransport(transport: Transport, { connection, caller, safely, onClosed }: Watch): void {
  const undo = [
    replaceMethod(transport, "send", (send): Method => {
      return function (this: unknown, ...args) {
        const told = safely(() => connection.sending(args[0], args[1] as SendOptions | undefined, caller()));
        return told === undefined
          ? send?.apply(this, args)
          : tell(
              () => send?.apply(this, args),
              (failedWith) => safely(() => told(failedWith)),
            );
      };
    }),
    replaceMethod(transport, "onmessage", (onmessage): Method => {
      return function (this: unknown, ...args) {
        const handedOn = safely(() => connection.received(args[0]));
        try {
          return onmessage?.apply(this, args);
        } finally {
          if (handedOn !== undefined) safely(handedOn);
        }
      };
    }),
    replaceMethod(transport, "onclose", (onclose): Method => {
      return function (this: unknown, ...args) {
        safely(() => connection.closed());
        for (const putBack of undo) safely(putBack);
        onClosed();
        return onclose?.apply(this, args);
      };
    }),
  ];
}

/** Does something and tells how it went, in the end and whatever it gives back, which is handed on. */
function tell(work: () => unknown, told: (failedWith?: unknown) => void): unknown {
  let result: unknown;
  try {
    result = work();
  } catch (error) {
    told(error ?? "unknown");
    throw error;
  }
  if (typeof (result as Promise<unknown> | undefined)?.then !== "function") {
    told();
    return result;
  }
  // What is handed on is ours, so that a failure that nobody cares for is still one that nobody cared for.
  return (result as Promise<unknown>).then(
    (value) => {
      told();
      return value;
    },
    (error) => {
      told(error ?? "unknown");
      throw error;
    },
  );
}
