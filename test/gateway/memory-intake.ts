import type { HistogramPoint } from "../../src/core/metric-point.ts";
import type {
  MetricHeader,
  MetricIntake,
  PointIntake,
  ResourceIntake,
  StreamIntake,
} from "../../src/core/point-intake.ts";
import type { Labels } from "../../src/core/series-key.ts";

/** A point as it was handed over, with all that its sender tells of it. */
export interface TakenPoint {
  readonly resource: Labels;
  readonly header: MetricHeader;
  readonly labels: Labels;
  /** `undefined`: the stream has ended. */
  readonly value: number | HistogramPoint | undefined;
  readonly at: number;
  readonly startAt: number;
}

/** Keeps every point in the order of its coming, and counts what was read for keys that were new. */
export class MemoryIntake implements PointIntake {
  readonly points: TakenPoint[] = [];
  /** How often resources, headers and attributes of points were read. */
  readonly reads = { resources: 0, metrics: 0, streams: 0 };
  readonly #resources = new Map<string, ResourceIntake>();
  /** The most streams of all metrics. */
  readonly #maxStreams: number;

  constructor(maxStreams = Number.POSITIVE_INFINITY) {
    this.#maxStreams = maxStreams;
  }

  resource(key: string, read: () => Labels): ResourceIntake {
    return known(this.#resources, key, () => {
      this.reads.resources += 1;
      return this.#resource(read());
    });
  }

  #resource(resource: Labels): ResourceIntake {
    const metrics = new Map<string, MetricIntake>();
    return {
      metric: (key, read) =>
        known(metrics, key, () => {
          this.reads.metrics += 1;
          return this.#metric(resource, read());
        }),
    };
  }

  #metric(resource: Labels, header: MetricHeader): MetricIntake {
    const streams = new Map<string, StreamIntake>();
    return {
      header,
      stream: (key, read) => {
        if (!streams.has(key) && this.reads.streams >= this.#maxStreams) return undefined;
        return known(streams, key, () => {
          this.reads.streams += 1;
          return this.#stream(resource, header, read());
        });
      },
    };
  }

  #stream(resource: Labels, header: MetricHeader, labels: Labels): StreamIntake {
    const keep = (value: TakenPoint["value"], at: number, startAt: number): void =>
      void this.points.push({ resource, header, labels, value, at, startAt });
    return { number: keep, histogram: keep, end: (at) => keep(undefined, at, Number.NaN) };
  }
}

function known<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
