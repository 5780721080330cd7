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
