import type { CountedBefore, MeasuredMetric } from "../../../src/core/measured-metric.ts";
import type { MetricHeader, StreamIntake } from "../../../src/core/point-intake.ts";
import type { Labels } from "../../../src/core/series-key.ts";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { StreamTable } from "../../../src/gateway/streams/stream-table.ts";
import type { StreamTableOptions } from "../../../src/gateway/streams/stream-table-options.ts";

export const START = Date.UTC(2026, 10, 28, 12);
export const WINDOW = 300_000;

/** A table of streams whose clock is set by hand, and what it has dropped. */
export class Table {
  now = START;
  readonly dropped: string[] = [];
  readonly streams: StreamTable;

  constructor(options: Partial<StreamTableOptions> = {}) {
    this.streams = new StreamTable({
      now: () => this.now,
      windowMillis: WINDOW,
      staleMillis: 300_000,
      expiryMillis: 3_600_000,
      maxStreams: 100,
      tenantLabel: "tenant",
      dropped: (reason) => this.dropped.push(reason),
      ...options,
    });
  }

  /** A stream of a metric, found as a receiver finds it. */
  stream(given: {
    header?: Partial<MetricHeader>;
    resource?: Labels;
    attributes?: Labels;
    tenant?: string;
  }): StreamIntake {
    const found = this.find(given);
    if (found === undefined) throw new Error("there is no room for the stream");
    return found;
  }

  find({ header = {}, resource = {}, attributes = {}, tenant }: Parameters<Table["stream"]>[0]) {
    const whole = headerOf(header);
    return this.streams
      .intakeFor(tenant)
      .resource(JSON.stringify(resource), () => resource)
      .metric(JSON.stringify(whole), () => whole)
      .stream(JSON.stringify(attributes), () => attributes);
  }

  collect(): MeasuredMetric[] {
    return atOnce(this.streams.collect());
  }

  /** The points of the only metric. */
  points(): readonly ({ labels: Labels; value: unknown } & CountedBefore)[] {
    return (this.collect()[0]?.points ?? []).map((point) => {
      const { labels, value } = point;
      const { before, late } = point as CountedBefore;
      return {
        ...{ labels, value },
        ...(before === undefined ? {} : { before }),
        ...(late === undefined ? {} : { late }),
      };
    });
  }
}

export function headerOf(given: Partial<MetricHeader>): MetricHeader {
  return {
    scope: "",
    name: "m",
    unit: "",
    description: "",
    kind: "gauge",
    temporality: "cumulative",
    ...given,
  };
}
