import type { EndCall } from "../work/invocation.ts";

/** Maximum of calls that are remembered. The end of a call that is left out is not seen. */
const MAX_OPEN = 1000;

/**
 * The calls of models and tools in one call of the SDK that are open, by the message of their start: the SDK
 * publishes the same object at the end. Few are open at once: a list is faster than a map of objects.
 */
export class OpenParts {
  readonly #parts: { readonly message: object; readonly end: EndCall }[] = [];

  add(message: object, end: EndCall): void {
    if (this.#parts.length >= MAX_OPEN) this.#parts.shift();
    this.#parts.push({ message, end });
  }

  /** What ends the call. It is no longer open. */
  take(message: object): EndCall | undefined {
    const at = this.#parts.findLastIndex((part) => part.message === message);
    return at < 0 ? undefined : this.#parts.splice(at, 1)[0]?.end;
  }
}
