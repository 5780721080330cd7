import { setTimeout as delay } from "node:timers/promises";

/** Whether some work has ended within a time. */
export async function isWithin(millis: number, work: Promise<unknown>): Promise<boolean> {
  const limit = new AbortController();
  const timeout = delay(millis, false, { ref: false, signal: limit.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), timeout]);
  } finally {
    limit.abort();
  }
}
