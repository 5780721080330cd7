import type { Labels, SeriesKey } from "./series-key.ts";

/** What was dropped: how many points, and one of the series. */
export interface Overflow {
  readonly count: number;
  readonly example: SeriesKey | undefined;
}

/** Counts points of series that found no room, and remembers the first series. */
export class SeriesOverflow {
  #count = 0;
  #example: SeriesKey | undefined;

  add(metric: string, labels: Labels, count = 1): void {
    this.#count += count;
    this.#example ??= { metric, labels };
  }

  /** What was dropped since the previous call. */
  take(): Overflow {
    const dropped = { count: this.#count, example: this.#example };
    this.#count = 0;
    this.#example = undefined;
    return dropped;
  }
}
