import type { DropReason } from "../core/drop-reason.ts";

const SPACE = 0x20;
const LAST_ASCII = 0x7f;

/** Why a name cannot be used: it is empty, or not a string. */
export function wrongName(name: unknown): DropReason | undefined {
  if (typeof name !== "string") return "not_a_string";
  // `trim` is slow beside the rest of recording a task. Hardly any name needs it.
  const first = name.charCodeAt(0);
  if (first > SPACE && first <= LAST_ASCII) return undefined;
  return name.trim() === "" ? "empty_name" : undefined;
}

/** Why a duration in seconds cannot be used. */
export function wrongSeconds(seconds: unknown): DropReason | undefined {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return "not_finite";
  return seconds < 0 ? "negative" : undefined;
}

/** Only a boolean is clear: `"false"`, 0 and `undefined` could mean either. */
export function wrongSuccess(success: unknown): DropReason | undefined {
  return typeof success === "boolean" ? undefined : "not_a_boolean";
}
