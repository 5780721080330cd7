/**
 * A gap between collections of this many intervals, at least a minute, means that the process was
 * suspended.
 */
const SUSPENDED_INTERVALS = 3;
const MIN_SUSPENSION_MILLIS = 60_000;

/**
 * Knows since when a source must have been silent to expire. Time in which this process was
 * suspended (a closed laptop, SIGSTOP, a suspended virtual machine) does not count: it could not
 * hear its sources then. Times are in epoch milliseconds.
 */
export class ExpiryClock {
  readonly #suspensionMillis: number;
  readonly #expiryMillis: number;
  /** Suspensions that shorten a silence that is not over yet, the oldest first. */
  #suspensions: { readonly endedAt: number; readonly millis: number }[] = [];
  #lastAt: number | undefined;

  constructor({ intervalMillis, expiryMillis }: { intervalMillis: number; expiryMillis: number }) {
    const gap = Math.max(SUSPENDED_INTERVALS * intervalMillis, MIN_SUSPENSION_MILLIS);
    // A gap as long as the expiry would end every source at once: it counts as a suspension in any
    // case.
    this.#suspensionMillis = Math.min(gap, expiryMillis);
    this.#expiryMillis = expiryMillis;
  }

  /**
   * Moves on to a collection; call it for each one.
   *
   * @returns a time: a source that was last heard then, or earlier, has expired.
   */
  moveTo(now: number): number {
    const gapMillis = now - (this.#lastAt ?? now);
    this.#lastAt = now;
    if (gapMillis >= this.#suspensionMillis) this.#suspensions.push({ endedAt: now, millis: gapMillis });
    const silentSince = this.#silentSince(now);
    this.#suspensions = this.#suspensions.filter(({ endedAt }) => endedAt > silentSince);
    return silentSince;
  }

  /** Goes back from now over as much time as the expiry, and leaps over suspensions. */
  #silentSince(now: number): number {
    let at = now;
    let restMillis = this.#expiryMillis;
    for (const { endedAt, millis } of this.#suspensions.toReversed()) {
      const heardMillis = at - endedAt;
      if (heardMillis >= restMillis) break;
      restMillis -= heardMillis;
      at = endedAt - millis;
    }
    return at - restMillis;
  }
}
