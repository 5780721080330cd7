import { setTimeout as delay } from "node:timers/promises";

/** Time and chance, passed in so that a test moves them by hand. */
export interface ActionClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Uniform in 0..1. */
  random(): number;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. Never rejects, keeps nothing alive. */
  wait(millis: number, signal: AbortSignal): Promise<void>;
}

/** The real clock and real chance; waits keep no process alive. */
export function realActionClock(now: () => number): ActionClock {
  return {
    now,
    random: () => Math.random(),
    wait: (millis, signal) => delay(millis, undefined, { signal, ref: false }).catch(() => {}),
  };
}

/** What became of one attempt. */
export type AttemptResult =
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "cancelled" }
  /** `hung` is there when the work goes on although it was told to stop, and settles when it has ended. */
  | { readonly kind: "timed_out"; readonly hung?: Promise<unknown> };

/** So long work that was told to stop may take to do so. */
const GRACE_MILLIS = 1000;

/** Makes one attempt, for so long at most. Whatever the work does, this settles and never rejects. */
export async function attempt(
  work: (signal: AbortSignal) => Promise<unknown>,
  timeoutMillis: number,
  stop: AbortSignal,
  clock: ActionClock,
): Promise<AttemptResult> {
  const limit = new AbortController();
  const over = new AbortController();
  const ended: Promise<AttemptResult> = Promise.resolve()
    .then(() => work(AbortSignal.any([limit.signal, stop])))
    .then(
      () => ({ kind: "succeeded" }),
      (error: unknown) => ({ kind: "failed", error }),
    );
  const result = await Promise.race([
    ended,
    clock.wait(timeoutMillis, AbortSignal.any([over.signal, stop])).then(() => undefined),
  ]);
  over.abort();
  if (stop.aborted && result?.kind !== "succeeded") return { kind: "cancelled" };
  if (result !== undefined) return result;
  limit.abort(new DOMException("the time limit of the action is reached", "TimeoutError"));
  const settled = new AbortController();
  const isHung = await Promise.race([
    ended.then(() => false),
    clock.wait(GRACE_MILLIS, AbortSignal.any([settled.signal, stop])).then(() => true),
  ]);
  settled.abort();
  return isHung ? { kind: "timed_out", hung: ended } : { kind: "timed_out" };
}

/** How long to wait between attempts. */
export interface RetryPace {
  /** The wait before the first retry is between nothing and this. */
  readonly firstMillis: number;
  /** No wait is longer than this. */
  readonly longestMillis: number;
}

/**
 * Milliseconds to wait before a retry: exponential backoff with full jitter, so that processes that failed together do
 * not come back together. `retry` counts from 0; `random` is uniform in 0..1.
 *
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("Full Jitter").
 */
export function retryDelay(retry: number, pace: RetryPace, random: number): number {
  return random * Math.min(pace.longestMillis, pace.firstMillis * 2 ** retry);
}
