import type { DropReason } from "../core/drop-reason.ts";

const SPACE = 0x20;
const LAST_ASCII = 0x7f;

export function wrongAmong(names: readonly unknown[]): DropReason | undefined {
  for (const name of names) {
    const wrong = wrongName(name);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

export function wrongName(name: unknown): DropReason | undefined {
  if (typeof name !== "string") return "not_a_string";
  // To trim is slow next to all else that is done for a task; hardly any name needs it to be told from nothing.
  const first = name.charCodeAt(0);
  if (first > SPACE && first <= LAST_ASCII) return undefined;
  return name.trim() === "" ? "empty_name" : undefined;
}

export function wrongSeconds(seconds: unknown): DropReason | undefined {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return "not_finite";
  return seconds < 0 ? "negative" : undefined;
}

/** Of `"false"`, 0 or nothing at all nobody can tell how it was meant. */
export function wrongSuccess(success: unknown): DropReason | undefined {
  return typeof success === "boolean" ? undefined : "not_a_boolean";
}
