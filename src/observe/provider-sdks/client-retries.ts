import { AsyncLocalStorage } from "node:async_hooks";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What is told that its request is sent again. */
export interface Retried {
  retried(): void;
}

/** The method of the clients of `openai` and `@anthropic-ai/sdk` that sends a request again. */
const RETRY = "retryRequest";

/** Tells a model call when the client of its SDK sends the request again. */
export class ClientRetries {
  readonly #calls = new AsyncLocalStorage<Retried>();
  readonly #known = new WeakSet<object>();
  readonly #undo: (() => void)[] = [];

  /**
   * Runs the start of a call.
   *
   * @param resource what the call is a method of: its `_client` sends the request. Other resources are
   * left as they are.
   */
  follow<Result>(call: Retried, resource: unknown, start: () => Result): Result {
    const owner = ownerOfRetry((resource as { readonly _client?: unknown } | undefined)?._client);
    if (owner === undefined) return start();
    this.#watch(owner);
    return this.#calls.run(call, start);
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  #watch(owner: Record<string, Method>): void {
    if (this.#known.has(owner)) return;
    this.#known.add(owner);
    const original = owner[RETRY] as Method;
    const calls = this.#calls;
    const watched: Method = function (...args) {
      calls.getStore()?.retried();
      return Reflect.apply(original, this, args);
    };
    owner[RETRY] = watched;
    this.#undo.push(() => {
      if (owner[RETRY] === watched) owner[RETRY] = original;
      this.#known.delete(owner);
    });
  }
}

/** The class, or the object itself, that defines how a client sends a request again. */
function ownerOfRetry(client: unknown): Record<string, Method> | undefined {
  if (typeof client !== "object") return undefined;
  for (let owner = client; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    const found = Object.getOwnPropertyDescriptor(owner, RETRY);
    if (found !== undefined)
      return typeof found.value === "function" && found.writable === true
        ? (owner as Record<string, Method>)
        : undefined;
  }
  return undefined;
}
