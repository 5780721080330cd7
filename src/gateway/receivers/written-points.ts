import type { MetricIntake, PointIntake, StreamIntake } from "../../core/point-intake.ts";
import { emptyLabels } from "../../core/series-key.ts";
import { Pace, type Steps } from "../../core/yielding-runner.ts";
import { MalformedMessage } from "../../wire/remote/message-reader.ts";
import type { Sample, TimeSeries } from "../../wire/remote/time-series.ts";
import type { WriteRequest } from "../../wire/remote/write-request.ts";
import { type BucketDropReason, HistogramAssembler, type HistogramKey } from "./histogram-assembler.ts";
import { type KnownSeries, RecentSeries } from "./known-series.ts";
import { MetricTypes, type SeriesRole } from "./metric-types.ts";

/** Why samples of a write request were left out. */
export type SampleDropReason = BucketDropReason | "not_finite" | "native_histogram" | "bad_labels";

/** What is kept between requests. */
export interface WrittenPointsLimits {
  /** The maximum of series whose labels are remembered; labels of others are read at each request. */
  readonly maxKnownSeries: number;
  /** The maximum of buckets and sums of all histograms. */
  readonly maxBuckets: number;
  /** A histogram that got nothing for this long makes room for others, in milliseconds. */
  readonly expiryMillis: number;
}

/** Where the points go. */
export interface WrittenPointsOptions extends WrittenPointsLimits {
  readonly intake: PointIntake;
  readonly onDropped: (reason: SampleDropReason, samples: number) => void;
  /** A name, the text of a label or a description was too long and was cut. */
  readonly onCut: () => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What became of a write request. */
export interface Taken {
  /** The samples of the series that could be read. */
  readonly samples: number;
  /** What was wrong with the first series that could not be read. */
  readonly problem: string | undefined;
}

/** Prometheus tells nothing of the resource that the labels do not tell. */
const NO_LABELS = emptyLabels();

/**
 * Gives the content of write requests to an intake. Of a series it does not know what it counts: its
 * metadata or its name tells it. Buckets become histograms.
 */
export class WrittenPoints {
  readonly #options: WrittenPointsOptions;
  readonly #types = new MetricTypes();
  readonly #recent: RecentSeries;
  readonly #histograms: HistogramAssembler;

  constructor(options: WrittenPointsOptions) {
    this.#options = options;
    this.#recent = new RecentSeries(options.maxKnownSeries, options.onCut);
    this.#histograms = new HistogramAssembler({
      streamOf: (key) => this.#histogramStream(key),
      onDropped: options.onDropped,
      maxParts: options.maxBuckets,
      expiryMillis: options.expiryMillis,
      now: options.now,
    });
  }

  /** Takes what can be read of a request. It yields now and then. */
  *take({ series, metadata }: WriteRequest): Steps<Taken> {
    this.#types.learn(metadata, this.#options.onCut);
    const pace = new Pace();
    let samples = 0;
    let problem: string | undefined;
    const parts: { readonly one: TimeSeries; readonly known: KnownSeries; readonly role: SeriesRole }[] = [];
    for (const one of series) {
      if (pace.isDue()) yield;
      const known = this.#known(one);
      if (typeof known === "string") {
        problem ??= known;
        this.#drop("bad_labels", one.samples.length);
        continue;
      }
      samples += one.samples.length + one.nativeHistograms;
      this.#drop("native_histogram", one.nativeHistograms);
      const role = known.roleIn(this.#types);
      // Sums and counts belong to a histogram if its buckets are known.
      if (role.kind === "part" && role.part !== "bucket") parts.push({ one, known, role });
      else if (role.kind === "part") this.#takeBuckets(one, known, role);
      else this.#takeNumbers(one.key, one.samples, known, role.kind);
    }
    for (const { one, known, role } of parts) {
      if (pace.isDue()) yield;
      this.#takePart(one, known, role);
    }
    return { samples, problem };
  }

  #known(one: TimeSeries): KnownSeries | string {
    try {
      return this.#recent.of(one);
    } catch (error) {
      if (error instanceof MalformedMessage) return error.message;
      throw error;
    }
  }

  #takeNumbers(key: string, samples: readonly Sample[], known: KnownSeries, kind: "gauge" | "counter"): void {
    if (samples.length === 0) return;
    const stream = this.#metric(known.name, kind).stream(key, () => known.labels);
    for (const { at, value, isEnd } of samples) {
      if (isEnd) stream?.end(at);
      else if (Number.isFinite(value)) stream?.number(value, at, Number.NaN);
      else this.#drop("not_finite", 1);
    }
  }

  #takeBuckets({ samples }: TimeSeries, known: KnownSeries, role: SeriesRole): void {
    const key = known.histogramOf(role);
    for (const sample of samples) this.#addToHistogram(key, known.bound ?? Number.POSITIVE_INFINITY, sample);
  }

  /** Takes a sum or a count: that of a histogram, if its buckets come, or else a counter. */
  #takePart(one: TimeSeries, known: KnownSeries, role: SeriesRole): void {
    const key = known.histogramOf(role);
    const isPart = role.isGuessed !== true || this.#histograms.has(key);
    if (!isPart) {
      this.#takeNumbers(one.key, this.#ofCounter(one.samples, known), known, "counter");
      return;
    }
    const { held } = known;
    known.held = undefined;
    known.isCounter = false;
    // The count is that of the highest bucket.
    if (role.part === "count") return;
    if (held !== undefined) this.#addToHistogram(key, "sum", held);
    for (const sample of one.samples) this.#addToHistogram(key, "sum", sample);
  }

  /**
   * The samples of a counter. The first one waits for the second: shards of a sender send a sum or a
   * count earlier than the buckets that belong to it.
   */
  #ofCounter(samples: readonly Sample[], known: KnownSeries): readonly Sample[] {
    if (known.isCounter) return samples;
    const all = known.held === undefined ? samples : [known.held, ...samples];
    const newest = all.at(-1);
    known.held = newest?.isEnd === true ? undefined : newest;
    if (all.length < 2 || known.held === undefined) return [];
    known.held = undefined;
    known.isCounter = true;
    return all;
  }

  #addToHistogram(key: HistogramKey, part: number | "sum", { at, value, isEnd }: Sample): void {
    if (isEnd) this.#histograms.end(key, part, at);
    else if (Number.isFinite(value)) this.#histograms.add(key, part, at, value);
    else this.#drop("not_finite", 1);
  }

  #histogramStream({ id, family, labels }: HistogramKey): StreamIntake | undefined {
    return this.#metric(family, "histogram").stream(id, () => labels);
  }

  #metric(family: string, kind: "gauge" | "counter" | "histogram"): MetricIntake {
    const { key, header } = this.#types.headerOf(family, kind);
    return this.#options.intake.resource("", () => NO_LABELS).metric(key, () => header);
  }

  #drop(reason: SampleDropReason, samples: number): void {
    if (samples > 0) this.#options.onDropped(reason, samples);
  }
}
