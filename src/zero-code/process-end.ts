import { setTimeout } from "node:timers";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Flushes when the process ends: at its normal end, and on SIGTERM, SIGINT and SIGHUP. If the application
 * handles a signal, it decides what happens. If not, the signal ends the process as before, after
 * the flush. An application that handles SIGHUP lives on, such as to read its files again: then
 * nothing is flushed.
 *
 * @param timeoutMillis how long the flush may take.
 * @param isAwaited whether there is a receiver for what is flushed. If not, nothing is flushed at a
 * normal end, since work there makes Node emit `beforeExit` a second time.
 */
export function flushAtProcessEnd(
  flush: () => Promise<void>,
  timeoutMillis: number,
  isAwaited: () => boolean,
): void {
  let flushed: Promise<void> | undefined;
  const flushOnce = (): Promise<void> => {
    flushed ??= bounded((async () => flush())(), timeoutMillis).catch((error) =>
      log.error(`the last flush failed: ${messageOf(error)}`),
    );
    return flushed;
  };
  process.once("beforeExit", () => {
    if (isAwaited()) void flushOnce();
  });
  for (const signal of SIGNALS) {
    const onSignal = async (): Promise<void> => {
      const isOursAlone = process.listenerCount(signal) === 1;
      if (signal === "SIGHUP" && !isOursAlone) return;
      process.off(signal, onSignal);
      await flushOnce();
      if (isOursAlone) process.kill(process.pid, signal);
    };
    // First: a listener of the application that runs once has gone after it ran.
    process.prependListener(signal, onSignal);
  }
}

function bounded(work: Promise<void>, millis: number): Promise<void> {
  const timeout = new Promise<void>((resolve) => setTimeout(resolve, millis).unref());
  return Promise.race([work, timeout]);
}
