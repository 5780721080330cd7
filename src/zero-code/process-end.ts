import { setTimeout } from "node:timers";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { makeRoomOnProcess } from "../system/listener-room.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
/**
 * After a signal that the application handles, it is listened to again after this time. Other packages tidy
 * up first, and then end the process if nobody else listens: such as the OpenAI Agents SDK. Docker, Kubernetes
 * and systemd kill what tidies up for longer than 10, 30 and 90 seconds by default.
 */
const LISTEN_AGAIN_MILLIS = 120_000;

/** What is done with what was measured, when the process ends or may end. */
export interface ProcessEndFlush {
  /** Saves and pushes for the last time, and closes. */
  end(): Promise<void>;
  /** Saves and pushes, and goes on. */
  save(): Promise<void>;
  /**
   * Whether there is a receiver for what is flushed. If not, nothing is flushed, and no signal is listened to:
   * work at a normal end makes Node emit `beforeExit` a second time, and a process that listens to a signal
   * does not end by it while its event loop is blocked.
   */
  isAwaited(): boolean;
}

/**
 * Flushes when the process ends: at its normal end, and on SIGTERM, SIGINT and SIGHUP. If the application
 * handles a signal, it decides what happens, and may live on: what was measured is saved and pushed then,
 * and measuring goes on. Another signal soon after it saves nothing. If the application does not handle a
 * signal, it ends the process as before, after the flush.
 *
 * @param timeoutMillis how long a flush may take.
 * @param listenAgainMillis after which time a signal saves again.
 * @returns to be called when there may be a receiver from now on.
 */
export function flushAtProcessEnd(
  flush: ProcessEndFlush,
  timeoutMillis: number,
  listenAgainMillis = LISTEN_AGAIN_MILLIS,
): () => void {
  let ended: Promise<void> | undefined;
  let saved: Promise<void> | undefined;
  const end = (): Promise<void> => {
    ended ??= within(timeoutMillis, () => flush.end()).catch((error) =>
      log.error(`the last flush failed: ${messageOf(error)}`),
    );
    return ended;
  };
  const save = async (): Promise<void> => {
    if (ended !== undefined || !flush.isAwaited()) return;
    saved ??= within(timeoutMillis, () => flush.save())
      .catch((error) => log.error(`a flush failed: ${messageOf(error)}`))
      .finally(() => {
        saved = undefined;
      });
    await saved;
  };
  const listenTo = (signal: NodeJS.Signals): void => {
    const onSignal = async (): Promise<void> => {
      // Other packages that end the process look whether they are the only listeners.
      process.off(signal, onSignal);
      if (process.listenerCount(signal) === 0) {
        await end();
        process.kill(process.pid, signal);
        return;
      }
      await save();
      await delay(listenAgainMillis, undefined, { ref: false });
      if (ended === undefined) process.prependListener(signal, onSignal);
    };
    // First: a listener of the application that runs once has gone after it ran.
    process.prependListener(signal, onSignal);
  };
  let isListening = false;
  const listenIfAwaited = (): void => {
    if (isListening || ended !== undefined || !flush.isAwaited()) return;
    isListening = true;
    for (const signal of SIGNALS) listenTo(signal);
  };
  makeRoomOnProcess();
  process.once("beforeExit", () => {
    if (flush.isAwaited()) void end();
  });
  listenIfAwaited();
  return listenIfAwaited;
}

async function within(millis: number, flush: () => Promise<void>): Promise<void> {
  const timeout = new Promise<void>((resolve) => setTimeout(resolve, millis).unref());
  await Promise.race([flush(), timeout]);
}
