import { vi } from "vitest";
import { BACKSTOP_MILLIS } from "./harness/patience.ts";

/** Waits until `check` no longer throws, and gives what it gives. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, BACKSTOP_MILLIS);
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(condition, BACKSTOP_MILLIS);
}
