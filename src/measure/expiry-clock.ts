import { gapMillis } from "./monitor-clock.ts";

/**
 * Knows since when a source must have been silent to expire. Time in which this process was
 * suspended (a closed laptop, SIGSTOP, a suspended virtual machine) or blocked does not count: it
 * could not hear its sources then. Times are in milliseconds of a clock that nobody sets.
 */
export class ExpiryClock {
  readonly #suspensionMillis: number;
  readonly #expiryMillis: number;
  /** Suspensions that shorten a silence that is not over yet, the oldest first. */
  #suspensions: { readonly endedAt: number; readonly millis: number }[] = [];
  #lastAt: number | undefined;

  constructor({ intervalMillis, expiryMillis }: { intervalMillis: number; expiryMillis: number }) {
    // A gap as long as the expiry would end every source at once: it counts as a suspension in any
    // case.
    this.#suspensionMillis = Math.min(gapMillis(intervalMillis), expiryMillis);
    this.#expiryMillis = expiryMillis;
  }

  /**
   * Moves on to a collection; call it for each one.
   *
   * @returns a time: a source that was last heard then, or earlier, has expired.
   */
  moveTo(now: number): number {
    const millis = now - (this.#lastAt ?? now);
    this.#lastAt = now;
    if (millis >= this.#suspensionMillis) this.#suspensions.push({ endedAt: now, millis });
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
