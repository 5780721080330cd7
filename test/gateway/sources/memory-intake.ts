import type {
  MetricHeader,
  MetricIntake,
  PointIntake,
  ResourceIntake,
  StreamIntake,
} from "../../../src/core/point-intake.ts";
import type { Labels } from "../../../src/core/series-key.ts";

/** What a stream was told: a value at a time, or its end. */
export type Told = readonly [at: number, value: number | "end"];

/** Keeps all points that are put into it, by the name of the metric and the labels of the stream. */
export class MemoryIntake implements PointIntake {
  readonly headers: MetricHeader[] = [];
  readonly told = new Map<string, Told[]>();
  /** How often labels were read. */
  reads = 0;
  /** Whether there is room for a stream. */
  hasRoom = (_labels: Labels): boolean => true;
  readonly #metrics = new Map<string, MetricIntake>();
  readonly #streams = new Map<string, StreamIntake>();

  resource(key: string, read: () => Labels): ResourceIntake {
    return {
      metric: (metric, readHeader) => {
        const id = `${key} ${metric}`;
        const made = this.#metrics.get(id) ?? this.#metric(id, readHeader(), read());
        this.#metrics.set(id, made);
        return made;
      },
    };
  }

  /** What the stream of a metric with these labels was told. */
  of(name: string, labels: Labels): readonly Told[] {
    return this.told.get(keyOf(name, labels)) ?? [];
  }

  #metric(key: string, header: MetricHeader, resource: Labels): MetricIntake {
    this.headers.push(header);
    return {
      header,
      stream: (stream, read) => {
        const id = `${key} ${stream}`;
        const known = this.#streams.get(id);
        if (known !== undefined) return known;
        const labels = { ...resource, ...read() };
        this.reads += 1;
        if (!this.hasRoom(labels)) return undefined;
        const told: Told[] = [];
        this.told.set(keyOf(header.name, labels), told);
        const made: StreamIntake = {
          number: (value, at) => told.push([at, value]),
          histogram: () => {
            throw new Error("a gauge has no histograms");
          },
          end: (at) => told.push([at, "end"]),
        };
        this.#streams.set(id, made);
        return made;
      },
    };
  }
}

function keyOf(name: string, labels: Labels): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}
