/** Collections so many intervals apart, and a moment in which much else may be done, are that far apart by a pause. */
const INTERVALS = 3;
const MOMENT_MILLIS = 60_000;

/**
 * How long a source has been silent, by the time in which this process could have heard of it. A process that was paused
 * (a laptop that was closed, SIGSTOP, a virtual machine that was suspended) heard of nobody meanwhile, which says nothing
 * of them. Times are in epoch milliseconds.
 */
export class ListeningTime {
  readonly #pauseMillis: number;
  readonly #expiryMillis: number;
  #pauses: { readonly endedAt: number; readonly millis: number }[] = [];
  #lastAt: number | undefined;

  /** Silence as long as the expiry need not be told exactly; collections as far apart are so by a pause in any case. */
  constructor({ intervalMillis, expiryMillis }: { intervalMillis: number; expiryMillis: number }) {
    this.#pauseMillis = Math.min(Math.max(INTERVALS * intervalMillis, MOMENT_MILLIS), expiryMillis);
    this.#expiryMillis = expiryMillis;
  }

  /** To be told of every collection. */
  moveTo(now: number): void {
    const millis = now - (this.#lastAt ?? now);
    this.#lastAt = now;
    if (millis >= this.#pauseMillis) this.#pauses.push({ endedAt: now, millis });
    this.#pauses = this.#pauses.filter(({ endedAt }) => this.silence(endedAt, now) < this.#expiryMillis);
  }

  /** Milliseconds in which there was nothing to hear of a source although this process listened. */
  silence(lastHeardAt: number, now: number): number {
    let silence = now - lastHeardAt;
    // Of a pause that a source was heard of in, only the rest: it was heard between waking and the first collection.
    for (const { endedAt, millis } of this.#pauses)
      if (endedAt > lastHeardAt) silence -= Math.min(millis, endedAt - lastHeardAt);
    return silence;
  }
}
