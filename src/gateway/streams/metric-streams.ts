import type { IncrementPoint, MeasuredMetric, MeasuredPoint } from "../../core/measured-metric.ts";
import type { HistogramPoint } from "../../core/metric-point.ts";
import type { MetricHeader } from "../../core/point-intake.ts";
import type { Labels } from "../../core/series-key.ts";
import { CumulativeStream, DeltaStream } from "./counter-stream.ts";
import { ChangesStream, GaugeStream } from "./gauge-stream.ts";
import { CumulativeHistogramStream, DeltaHistogramStream } from "./histogram-stream.ts";
import type { Stream, StreamSurroundings } from "./stream.ts";

/** The streams of one metric, of all its senders. */
export class MetricStreams {
  readonly header: MetricHeader;
  readonly #streams = new Map<string, Stream>();

  constructor(header: MetricHeader) {
    this.header = header;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** All streams. */
  get streams(): Iterable<Stream> {
    return this.#streams.values();
  }

  /** Removes the streams of a partition. */
  forgetPartition(partition: number): void {
    for (const [id, stream] of this.#streams) {
      if (stream.partition !== partition) continue;
      this.#forget(id, stream);
    }
  }

  find(id: string): Stream | undefined {
    return this.#streams.get(id);
  }

  add(id: string, labels: Labels, source: Labels, surroundings: StreamSurroundings): Stream {
    const stream = newStream(this.header, id, labels, source, surroundings);
    this.#streams.set(id, stream);
    return stream;
  }

  /**
   * Removes the streams that are silent for so long, and those that have ended. Of these, what counts
   * stays for a while: after a scrape that failed its sender goes on, and its total is no new one.
   *
   * @returns how many.
   */
  expire(silentSince: number, endedSince: number): number {
    const before = this.#streams.size;
    const goneSince = this.header.kind === "gauge" ? Number.POSITIVE_INFINITY : endedSince;
    for (const [id, stream] of this.#streams)
      if (stream.silentSince <= (stream.hasEnded ? goneSince : silentSince)) this.#forget(id, stream);
    return before - this.#streams.size;
  }

  #forget(id: string, stream: Stream): void {
    stream.hasEnded = true;
    stream.isForgotten = true;
    this.#streams.delete(id);
  }

  /**
   * What the streams have measured since the previous call.
   *
   * @param freshSince A level that was not heard of since then is not reported.
   */
  report(freshSince: number): MeasuredMetric {
    const { scope, name, unit, description, kind } = this.header;
    const base = { scope, name, unit, description };
    if (kind === "histogram") return { ...base, kind, points: this.#histograms() };
    if (kind === "counter") return { ...base, kind: "increment", points: this.#increments() };
    return { ...base, kind: "level", points: this.#levels(freshSince) };
  }

  #levels(freshSince: number): MeasuredPoint<number>[] {
    const points: MeasuredPoint<number>[] = [];
    for (const stream of this.#streams.values()) {
      const { value, heardAt, hasEnded } = stream as GaugeStream | ChangesStream;
      if (!hasEnded && heardAt > freshSince && Number.isFinite(value))
        points.push(stream as GaugeStream | ChangesStream);
    }
    return points;
  }

  #increments(): IncrementPoint[] {
    const points: IncrementPoint[] = [];
    for (const stream of this.#streams.values()) {
      const counter = stream as DeltaStream | CumulativeStream;
      if (counter.report()) points.push(counter);
    }
    return points;
  }

  #histograms(): MeasuredPoint<HistogramPoint>[] {
    const points: MeasuredPoint<HistogramPoint>[] = [];
    for (const stream of this.#streams.values())
      for (const point of (stream as DeltaHistogramStream | CumulativeHistogramStream).report())
        points.push(point);
    return points;
  }
}

/** What identifies a metric: metrics with the same text are one metric. */
export function metricId({ scope, name, unit, kind, temporality }: MetricHeader): string {
  const counts = kind === "gauge" ? "" : temporality;
  return `${scope}\u0000${name}\u0000${unit}\u0000${kind}\u0000${counts}`;
}

function newStream(
  { kind, temporality }: MetricHeader,
  ...parts: ConstructorParameters<typeof GaugeStream>
): Stream {
  const isDelta = temporality === "delta";
  switch (kind) {
    case "gauge":
      return new GaugeStream(...parts);
    case "up-down-counter":
      return isDelta ? new ChangesStream(...parts) : new GaugeStream(...parts);
    case "counter":
      return isDelta ? new DeltaStream(...parts) : new CumulativeStream(...parts);
    case "histogram":
      return isDelta ? new DeltaHistogramStream(...parts) : new CumulativeHistogramStream(...parts);
  }
}
