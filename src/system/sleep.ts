import { clearTimeout, setTimeout } from "node:timers";

/** The longest time that a timer of Node can wait: with a longer one it ends at once. */
const MOST_MILLIS = 2 ** 31 - 1;

/**
 * Resolves after `millis`, or when the signal is aborted. It does not keep the process running. Unlike the timers of
 * `node:timers/promises` it makes no error for an abort: where an app has frozen the prototypes of errors, Node can't
 * make one, and ends the process.
 */
export function sleep(millis: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(millis, MOST_MILLIS)).unref();
    signal?.addEventListener("abort", end);
  });
}
