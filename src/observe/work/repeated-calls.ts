import { fingerprint } from "../../core/short-name.ts";

/** From this call on, the same call is a repetition: once, a call may be tried again. */
const REPEATED_FROM = 3;
/** Maximum of different calls of one run that are remembered. */
const MAX_REMEMBERED = 1000;
/** Maximum of characters of the arguments of a call. Of more, no digest is made. */
const MAX_CHARACTERS = 65_536;

/**
 * A digest of the arguments of a tool call: their text, or data that becomes JSON. `undefined` if there
 * are none, they are too long, or they can't be read.
 */
export function digestOf(given: unknown): number | undefined {
  try {
    if (!isShort(given)) return undefined;
    const text = typeof given === "string" ? given : JSON.stringify(given);
    return text === undefined ? undefined : fingerprint(text);
  } catch {
    return undefined;
  }
}

/** Whether data has few enough parts and characters. It is not read further than that. */
function isShort(given: unknown): boolean {
  let left = MAX_CHARACTERS;
  const parts = [given];
  while (parts.length > 0) {
    const part = parts.pop();
    if (typeof part === "string") left -= part.length;
    else if (ArrayBuffer.isView(part)) left -= part.byteLength;
    else if (Array.isArray(part)) {
      if (part.length > left) return false;
      parts.push(...part);
    } else if (typeof part === "object" && part !== null) {
      const keys = Object.keys(part);
      if (keys.length > left) return false;
      for (const key of keys) {
        left -= key.length;
        parts.push((part as Record<string, unknown>)[key]);
      }
    }
    left -= 1;
    if (left < 0) return false;
  }
  return true;
}

/** Recognises a run that calls the same tool with the same arguments again and again. */
export class RepeatedCalls {
  /** Many runs call one tool once: then no map is made. */
  #first: { readonly toolName: string; readonly digest: number } | undefined;
  #times: Map<string, number> | undefined;

  /** Notes a call. Returns whether it repeats at least two calls before it. */
  isRepetition(toolName: string, digest: number): boolean {
    if (this.#first === undefined) {
      this.#first = { toolName, digest };
      return false;
    }
    this.#times ??= new Map([[keyOf(this.#first.toolName, this.#first.digest), 1]]);
    const key = keyOf(toolName, digest);
    const times = (this.#times.get(key) ?? 0) + 1;
    // The latest go last: then the first is the one to forget.
    this.#times.delete(key);
    this.#times.set(key, times);
    if (this.#times.size > MAX_REMEMBERED) {
      const [oldest] = this.#times.keys();
      if (oldest !== undefined) this.#times.delete(oldest);
    }
    return times >= REPEATED_FROM;
  }
}

function keyOf(toolName: string, digest: number): string {
  return `${toolName}\n${digest}`;
}
