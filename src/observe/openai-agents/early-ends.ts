import type { EndedSpan } from "./span.ts";

/**
 * Maximum of ends that wait for their starts. Most of these spans started long ago, and are not
 * part of an agent: their starts never come.
 */
const MAX_WAITING = 1000;

/**
 * Spans whose end was reported before their start. The SDK awaits its processors one after another,
 * so a processor that is slow at a start delays it for the processors after it.
 */
export class EarlyEnds {
  /**
   * In the order of their ends. For an end that was taken, only the id is kept, until the start is
   * reported.
   */
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

  /** The end of a span whose start is reported now; `undefined` if it was taken before. */
  take(spanId: string): EndedSpan | undefined {
    const ended = this.#ends.get(spanId);
    this.#ends.delete(spanId);
    return ended;
  }

  /** The ends of the spans directly below a span, in their order. */
  takeWithin(spanId: string): EndedSpan[] {
    const within = [...this.#ends.values()].flatMap((ended) => (ended?.parentId === spanId ? [ended] : []));
    for (const ended of within) this.#ends.set(ended.spanId, undefined);
    return within;
  }

  clear(): void {
    this.#ends.clear();
  }
}
