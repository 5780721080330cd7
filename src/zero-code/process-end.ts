import { setTimeout } from "node:timers";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Flushes when the process ends: at its normal end, and on SIGTERM and SIGINT. A signal that the application handles
 * stays the application's to act on; one that nobody else handles ends the process, after the flush, as it would have.
 *
 * @param isAwaited whether anybody waits for what is flushed. At a normal end it is flushed only then: what is done there
 *   lets Node tell the application twice that the process comes to its end.
 */
export function flushAtProcessEnd(
  flush: () => Promise<void>,
  patienceMillis: number,
  isAwaited: () => boolean,
): void {
  let flushed: Promise<void> | undefined;
  const flushOnce = (): Promise<void> => {
    flushed ??= bounded((async () => flush())(), patienceMillis).catch((error) =>
      log.error(`the last flush failed: ${messageOf(error)}`),
    );
    return flushed;
  };
  process.once("beforeExit", () => {
    if (isAwaited()) void flushOnce();
  });
  for (const signal of SIGNALS) {
    const onSignal = async (): Promise<void> => {
      const isOursAlone = process.listenerCount(signal) === 0;
      await flushOnce();
      if (isOursAlone) process.kill(process.pid, signal);
    };
    process.once(signal, onSignal);
  }
}

function bounded(work: Promise<void>, millis: number): Promise<void> {
  const patience = new Promise<void>((resolve) => setTimeout(resolve, millis).unref());
  return Promise.race([work, patience]);
}
