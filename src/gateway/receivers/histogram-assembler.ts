import type { StreamIntake } from "../../core/point-intake.ts";
import type { Labels } from "../../core/series-key.ts";
import { MAX_BUCKETS } from "../../wire/otlp/export-result.ts";
import {
  type HistogramPart,
  type HistogramSink,
  type PartDropReason,
  PartialHistogram,
} from "./partial-histogram.ts";

/** Which histogram: its name, and its labels without the bounds of buckets. */
export interface HistogramKey {
  readonly id: string;
  readonly family: string;
  readonly labels: Labels;
}

/** Why samples of buckets were left out. */
export type BucketDropReason = PartDropReason | "max_buckets";

/** The most parts of one histogram: as many as a histogram of OTLP may have buckets. */
const MOST_PARTS = MAX_BUCKETS;

/** Where histograms go, and how many there may be. */
export interface HistogramAssemblerOptions {
  readonly streamOf: (key: HistogramKey) => StreamIntake | undefined;
  readonly onDropped: (reason: BucketDropReason, samples: number) => void;
  /** The maximum of buckets and sums of all histograms. */
  readonly maxParts: number;
  /** A histogram that got nothing for this long makes room for others, in milliseconds. */
  readonly expiryMillis: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Assembled {
  readonly key: HistogramKey;
  readonly histogram: PartialHistogram;
  readonly sink: HistogramSink;
  touchedAt: number;
}

/** Makes histograms of series of buckets. What it keeps is bounded. */
export class HistogramAssembler {
  readonly #options: HistogramAssemblerOptions;
  /** Those that got nothing for the longest time are first. */
  readonly #histograms = new Map<string, Assembled>();
  #parts = 0;

  constructor(options: HistogramAssemblerOptions) {
    this.#options = options;
  }

  /** The number of buckets and sums that are kept. */
  get parts(): number {
    return this.#parts;
  }

  /** Whether buckets of the histogram have come. */
  has({ id }: HistogramKey): boolean {
    return this.#histograms.has(id);
  }

  add(key: HistogramKey, part: HistogramPart, at: number, value: number): void {
    const known = this.#histograms.get(key.id);
    const isFull = known !== undefined && known.histogram.parts >= MOST_PARTS;
    if (known?.histogram.knows(part) !== true && (isFull || !this.#hasRoom())) {
      this.#options.onDropped("max_buckets", 1);
      return;
    }
    const assembled = known ?? this.#made(key);
    this.#touch(assembled);
    this.#counted(assembled, () => assembled.histogram.add(part, at, value, assembled.sink));
  }

  /** The sender says that a part has ended. */
  end(key: HistogramKey, part: HistogramPart, at: number): void {
    const assembled = this.#histograms.get(key.id);
    if (assembled === undefined) return;
    this.#counted(assembled, () => {
      if (!assembled.histogram.end(part)) return;
      if (assembled.histogram.hasPut) this.#options.streamOf(key)?.end(at);
      this.#histograms.delete(key.id);
      this.#parts -= assembled.histogram.parts;
    });
  }

  #made(key: HistogramKey): Assembled {
    const { streamOf, onDropped, now } = this.#options;
    const sink: HistogramSink = {
      put: (point, at) => streamOf(key)?.histogram(point, at, Number.NaN),
      dropped: onDropped,
    };
    const made = { key, histogram: new PartialHistogram(), sink, touchedAt: now() };
    this.#histograms.set(key.id, made);
    return made;
  }

  /** Moves it behind the others, at most once a second. */
  #touch(assembled: Assembled): void {
    const now = this.#options.now();
    if (Math.abs(now - assembled.touchedAt) < 1000) return;
    assembled.touchedAt = now;
    this.#histograms.delete(assembled.key.id);
    this.#histograms.set(assembled.key.id, assembled);
  }

  #counted({ histogram }: Assembled, change: () => void): void {
    const before = histogram.parts;
    change();
    this.#parts += histogram.parts - before;
  }

  /** Whether there is room for another part, if those that have expired leave. */
  #hasRoom(): boolean {
    const { maxParts, expiryMillis, now } = this.#options;
    if (this.#parts < maxParts) return true;
    for (const [id, { touchedAt, histogram }] of this.#histograms) {
      if (now() - touchedAt <= expiryMillis) break;
      this.#histograms.delete(id);
      this.#parts -= histogram.parts;
    }
    return this.#parts < maxParts;
  }
}
