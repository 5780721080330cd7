import { sleep } from "../../system/sleep.ts";

/** Time and randomness. A test passes its own. */
export interface ActionClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Uniform from 0 to 1. */
  random(): number;
  /**
   * Resolves after `millis`, or when the signal is aborted. Never rejects; does not keep the
   * process running.
   */
  wait(millis: number, signal: AbortSignal): Promise<void>;
}

/** The real clock and real randomness. */
export function realActionClock(now: () => number): ActionClock {
  return {
    now,
    random: () => Math.random(),
    wait: sleep,
  };
}

/** The result of one attempt. */
export type AttemptResult =
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "cancelled" }
  /**
   * `hung` is present if the work continues although it was aborted. It settles when the work ends.
   */
  | { readonly kind: "timed_out"; readonly hung?: Promise<unknown> };

/** How long aborted work may take to stop. */
const GRACE_MILLIS = 1000;

/**
 * Makes one attempt within a time limit. It always settles and never rejects, whatever the work
 * does. After the stop no work begins.
 */
export async function attempt(
  work: (signal: AbortSignal) => Promise<unknown>,
  timeoutMillis: number,
  stop: AbortSignal,
  clock: ActionClock,
): Promise<AttemptResult> {
  if (stop.aborted) return { kind: "cancelled" };
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

/** The waits between attempts. */
export interface RetryPace {
  /** The maximum of the wait before the first retry. */
  readonly firstMillis: number;
  /** The maximum of every wait. */
  readonly longestMillis: number;
}

/**
 * Milliseconds to wait before a retry: exponential backoff with full jitter. So processes that
 * failed together do not retry together.
 *
 * @param retry 0 for the first retry
 * @param random uniform from 0 to 1
 *
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("Full
 * Jitter").
 */
export function retryDelay(retry: number, pace: RetryPace, random: number): number {
  return random * Math.min(pace.longestMillis, pace.firstMillis * 2 ** retry);
}
