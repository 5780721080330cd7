import { sleep } from "../system/sleep.ts";

/** Whether some work has ended within a time. */
export async function isWithin(millis: number, work: Promise<unknown>): Promise<boolean> {
  const limit = new AbortController();
  const timeout = sleep(millis, limit.signal).then(() => false);
  try {
    return await Promise.race([work.then(() => true), timeout]);
  } finally {
    limit.abort();
  }
}
