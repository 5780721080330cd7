import type { HistogramPoint } from "../../../src/core/metric-point.ts";
import type { MetricHeader, PointIntake } from "../../../src/core/point-intake.ts";
import type { Labels } from "../../../src/core/series-key.ts";

/** What an intake got of one stream. */
export interface RecordedStream {
  /** The newest one. */
  header: MetricHeader;
  readonly labels: Labels;
  readonly points: { readonly at: number; readonly value: number | HistogramPoint | "end" }[];
}

/**
 * An intake that keeps everything. Like a real one, it reads only what has a new key, and different
 * keys may mean the same stream.
 */
export class RecordedIntake implements PointIntake {
  readonly streams: RecordedStream[] = [];
  /** How often labels were read. */
  reads = 0;
  readonly #metrics = new Map<string, { header: MetricHeader; streams: Map<string, RecordedStream> }>();

  resource(_key: string, read: () => Labels) {
    if (Object.keys(read()).length > 0) throw new Error("a resource has labels");
    return { metric: (key: string, readHeader: () => MetricHeader) => this.#metric(key, readHeader) };
  }

  /** The values of the only stream with this name and these labels, by their times. */
  of(name: string, labels: Labels = {}): [number, number | HistogramPoint | "end"][] {
    const found = this.streams.filter(
      (stream) =>
        stream.header.name === name &&
        Object.entries(labels).every(([label, value]) => stream.labels[label] === value),
    );
    if (found.length > 1) throw new Error(`${found.length} streams of ${name}`);
    return (found[0]?.points ?? []).map(({ at, value }) => [at, value]);
  }

  /** The name and the kind of each metric. */
  get kinds(): Record<string, string> {
    return Object.fromEntries(this.streams.map(({ header }) => [header.name, header.kind]));
  }

  #metric(key: string, read: () => MetricHeader) {
    const known = this.#metrics.get(key) ?? { header: read(), streams: new Map() };
    this.#metrics.set(key, known);
    const { header, streams } = known;
    return {
      header,
      stream: (streamKey: string, readLabels: () => Labels) => {
        let stream = streams.get(streamKey);
        if (stream === undefined) {
          this.reads += 1;
          stream = this.#stream(header, readLabels());
          streams.set(streamKey, stream);
        }
        const { points } = stream;
        return {
          number: (value: number, at: number) => void points.push({ at, value }),
          histogram: (value: HistogramPoint, at: number) => void points.push({ at, value }),
          end: (at: number) => void points.push({ at, value: "end" }),
        };
      },
    };
  }

  #stream(header: MetricHeader, labels: Labels): RecordedStream {
    const idOf = (kind: string, name: string, of: Labels) =>
      JSON.stringify([kind, name, Object.entries(of).toSorted()]);
    const id = idOf(header.kind, header.name, labels);
    let stream = this.streams.find((it) => idOf(it.header.kind, it.header.name, it.labels) === id);
    if (stream === undefined) {
      stream = { header, labels, points: [] };
      this.streams.push(stream);
    }
    stream.header = header;
    return stream;
  }
}
