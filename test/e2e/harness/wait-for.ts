import { setTimeout as sleep } from "node:timers/promises";
import { BACKSTOP_MILLIS } from "../../harness/patience.ts";

/** How long to wait for something, and how often to look, in milliseconds. */
export interface Patience {
  readonly timeoutMillis?: number;
  readonly everyMillis?: number;
}

/**
 * Looks until `probe` gives a value, and gives that. A probe that throws or gives `undefined` is asked again; after
 * the timeout the wait fails with what was awaited and what the last look ran into.
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

/** Thrown by a probe when further waiting is of no use: the process that it waits for has died, say. */
export class GivenUp extends Error {}
