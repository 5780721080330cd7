import { vi } from "vitest";

/** Longer than any machine takes for what takes a moment; a test that fails waits for it, no other does. */
const PATIENCE_MILLIS = 15_000;

/** Waits until `check` no longer throws, and gives what it gives. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, PATIENCE_MILLIS);
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(condition, PATIENCE_MILLIS);
}
