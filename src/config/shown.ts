import { textOf } from "../core/text-of.ts";

/** How much of a key is shown, in characters. */
const KEY_LENGTH = 200;

/** A text for a message: cut if it is long, and without the login of an address. */
export function shown(text: unknown): string {
  return withoutLogin(textOf(text));
}

/** The same of any value, as it is written in JSON. */
export function show(given: unknown): string {
  try {
    return shown(JSON.stringify(given) ?? given);
  } catch {
    return shown(given);
  }
}

/** The same of a key, which is shorter. */
export function shownKey(key: unknown): string {
  return withoutLogin(textOf(key, KEY_LENGTH));
}

function withoutLogin(text: string): string {
  return text.replace(/\/\/[^/\s"]*@/g, "//");
}
