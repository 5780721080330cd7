/** Limits how often something may happen: `burst` times at once, then once each interval. */
export class TokenBucket {
  readonly #intervalMillis: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  /** @param now milliseconds of a monotonic clock, here and in every method. */
  constructor({ intervalMillis, burst }: { intervalMillis: number; burst: number }, now: number) {
    this.#intervalMillis = intervalMillis;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Takes a token. `false`: there is none. */
  take(now: number): boolean {
    this.#refill(now);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Gives a token back. */
  giveBack(): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + 1);
  }

  #refill(now: number): void {
    const more = Math.max(0, now - this.#at) / this.#intervalMillis;
    this.#tokens = Math.min(this.#burst, this.#tokens + more);
    this.#at = now;
  }
}
