import { AsyncLocalStorage } from "node:async_hooks";
import { replaceMethod } from "../work/replaced-method.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** A call that counts how often its request is sent again. */
export interface Retried {
  retried(): void;
}

/** The method of the clients of `openai` and `@anthropic-ai/sdk` that sends a request again. */
const RETRY = "retryRequest";

/** Counts for each model call how often the client of its SDK sends the request again. */
export class ClientRetries {
  readonly #calls = new AsyncLocalStorage<Retried>();
  /** Whether repeated requests of a client are counted. */
  #clients = new WeakMap<object, boolean>();
  readonly #known = new WeakSet<object>();
  readonly #undo: (() => void)[] = [];

  /**
   * Starts a call: runs a method of the resource.
   *
   * @param resource The object whose method is called. Its `_client` sends the request. Without one,
   * nothing is counted.
   */
  follow(call: Retried, resource: unknown, method: Method, args: readonly unknown[]): unknown {
    return this.#watchesClientOf(resource)
      ? this.#calls.run(call, Reflect.apply, method, resource, args)
      : Reflect.apply(method, resource, args);
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#clients = new WeakMap();
  }

  /** Objects of the application may throw when they are read: the call must run as before. */
  #watchesClientOf(resource: unknown): boolean {
    try {
      const client = (resource as { readonly _client?: unknown } | undefined)?._client;
      if (typeof client !== "object" || client === null) return false;
      const known = this.#clients.get(client);
      if (known !== undefined) return known;
      const owner = ownerOfRetry(client);
      if (owner !== undefined) this.#watch(owner);
      this.#clients.set(client, owner !== undefined);
      return owner !== undefined;
    } catch {
      // Its repeated requests are not counted.
      return false;
    }
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
    this.#undo.push(
      replaceMethod(owner, RETRY, () => watched),
      () => this.#known.delete(owner),
    );
  }
}

/** The class, or the object itself, that defines how a client sends a request again. */
function ownerOfRetry(client: object): Record<string, Method> | undefined {
  for (
    let owner: object | null = client;
    owner !== null;
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    const found = Object.getOwnPropertyDescriptor(owner, RETRY);
    if (found !== undefined)
      return typeof found.value === "function" && found.writable === true
        ? (owner as Record<string, Method>)
        : undefined;
  }
  return undefined;
}
