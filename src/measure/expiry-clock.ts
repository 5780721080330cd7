/** A gap between collections of this many intervals, at least a minute, means that the process was suspended. */
const SUSPENDED_INTERVALS = 3;
const LEAST_SUSPENSION_MILLIS = 60_000;

/**
 * Tells when a source has been silent for the expiry. Time in which this process was suspended does not count: a
 * process that is stopped (a closed laptop, SIGSTOP, a suspended virtual machine) cannot hear its sources. Times are in
 * epoch milliseconds.
 */
export class ExpiryClock {
  readonly #suspensionMillis: number;
  readonly #expiryMillis: number;
  /** Suspensions that shorten a silence that is not over yet, the oldest first. */
  #suspensions: { readonly endedAt: number; readonly millis: number }[] = [];
  #lastAt: number | undefined;

  constructor({ intervalMillis, expiryMillis }: { intervalMillis: number; expiryMillis: number }) {
    const gap = Math.max(SUSPENDED_INTERVALS * intervalMillis, LEAST_SUSPENSION_MILLIS);
    // A gap as long as the expiry would end every source at once: it counts as a suspension in any case.
    this.#suspensionMillis = Math.min(gap, expiryMillis);
    this.#expiryMillis = expiryMillis;
  }

  /**
   * Moves on to a collection; call it for each one.
   *
   * @returns the time since which a source is silent for the expiry: one that was last heard at that time or before it
   * has expired.
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
