import type { EndedSpan } from "./span.ts";

/** So many ends wait for their starts at most; of most of them the start was told long ago, and was of no concern. */
const MAX_WAITING = 1000;

/**
 * Ends of spans that were told before their starts: the SDK awaits its processors one after another, so one that is slow at
 * starts holds them up for those behind it.
 */
export class EarlyEnds {
  /** In the order of their ends. Of one that was taken only the id is kept, until its start is told. */
  readonly #ends = new Map<string, EndedSpan | undefined>();

  add(ended: EndedSpan): void {
    for (const oldest of this.#ends.keys()) {
      if (this.#ends.size < MAX_WAITING) break;
      this.#ends.delete(oldest);
    }
    this.#ends.set(ended.spanId, ended);
  }

  has(spanId: string): boolean {
    return this.#ends.has(spanId);
  }

  /** The end of a span whose start is told now, unless it was taken. */
  take(spanId: string): EndedSpan | undefined {
    const ended = this.#ends.get(spanId);
    this.#ends.delete(spanId);
    return ended;
  }

  /** What ended within a span, in that order. */
  takeWithin(spanId: string): EndedSpan[] {
    const within = [...this.#ends.values()].flatMap((ended) => (ended?.parentId === spanId ? [ended] : []));
    for (const ended of within) this.#ends.set(ended.spanId, undefined);
    return within;
  }

  clear(): void {
    this.#ends.clear();
  }
}
