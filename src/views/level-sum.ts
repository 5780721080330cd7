import type { Labels } from "../core/series-key.ts";

interface Part {
  readonly labels: Labels;
  readonly value: number;
  readonly lastHeardAt: number;
}

/**
 * The sum of the latest levels of several attribute sets. A level that was not measured again
 * counts until its source has gone.
 */
export class LevelSum {
  readonly #parts = new Map<string, Part>();
  readonly #maxParts: number;

  constructor(maxParts: number) {
    this.#maxParts = maxParts;
  }

  /**
   * @param id identifies the attribute set and its instrument.
   * @param labels decide whether the source has gone.
   * @returns whether there was room for it.
   */
  set(id: string, labels: Labels, value: number, now: number): boolean {
    if (this.#parts.size >= this.#maxParts && !this.#parts.has(id)) return false;
    this.#parts.set(id, { labels, value, lastHeardAt: now });
    return true;
  }

  forget(isGone: (labels: Labels, lastHeardAt: number) => boolean): void {
    for (const [id, { labels, lastHeardAt }] of this.#parts)
      if (isGone(labels, lastHeardAt)) this.#parts.delete(id);
  }

  /**
   * `undefined` without levels.
   *
   * @param freshSince Levels that were not measured since then do not count; default: all count.
   */
  total(freshSince = Number.NEGATIVE_INFINITY): number | undefined {
    let total: number | undefined;
    for (const { value, lastHeardAt } of this.#parts.values())
      if (lastHeardAt >= freshSince) total = (total ?? 0) + value;
    return total;
  }
}
