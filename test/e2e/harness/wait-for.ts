import { setTimeout as sleep } from "node:timers/promises";
import { BACKSTOP_MILLIS } from "../../harness/patience.ts";

/** How long to wait, and how often to probe, in milliseconds. */
export interface Patience {
  readonly timeoutMillis?: number;
  readonly everyMillis?: number;
}

/**
 * Calls `probe` until it returns a value, and returns that. When it throws or returns `undefined`
 * it is called again. After the timeout, fails with what was awaited and the last error.
 */
export async function waitFor<Value>(
  awaited: string,
  probe: () => Promise<Value | undefined> | Value | undefined,
  { timeoutMillis = BACKSTOP_MILLIS, everyMillis = 200 }: Patience = {},
): Promise<Value> {
  const deadline = performance.now() + timeoutMillis;
  let last = "nothing yet";
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      if (error instanceof GivenUp) throw error;
      last = String(error);
    }
    if (performance.now() >= deadline) {
      throw new Error(`waited ${timeoutMillis} ms in vain for ${awaited} (last look: ${last})`);
    }
    await sleep(everyMillis);
  }
}

/** Thrown by a probe when waiting is pointless, for example because the process has died. */
export class GivenUp extends Error {}
