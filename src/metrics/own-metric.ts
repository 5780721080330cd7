/**
 * A metric of this package. Only the tables of this room name our metrics. Publications, views,
 * dashboards, rules and the tests of the documentation read them.
 */
export interface OwnMetric {
  /** The OpenTelemetry name. The Prometheus name follows from name, unit and type. */
  readonly name: string;
  /** A unit of UCUM. "" for rates, ratios and counts: their names contain the unit. */
  readonly unit: string;
  readonly type: "gauge" | "counter" | "histogram";
  /** The labels of its series. A metric about a series also has the labels of that series. */
  readonly labels: readonly string[];
  readonly description: string;
}

type Described = Pick<OwnMetric, "description"> & Partial<Pick<OwnMetric, "unit" | "labels">>;

/** A gauge. Without `unit` and `labels` it has none. */
export function gauge(name: string, { description, unit = "", labels = [] }: Described): OwnMetric {
  return { name, unit, type: "gauge", labels, description };
}

/** A counter. Without `unit` and `labels` it has none. Its Prometheus name ends in `_total`. */
export function counter(name: string, { description, unit = "", labels = [] }: Described): OwnMetric {
  return { name, unit, type: "counter", labels, description };
}

/** A histogram. Without `unit` and `labels` it has none. */
export function histogram(name: string, { description, unit = "", labels = [] }: Described): OwnMetric {
  return { name, unit, type: "histogram", labels, description };
}

/** Gauges of the 50th, 95th and 99th percentile of durations. */
export function percentiles(
  name: string,
  ofWhat: string,
): Readonly<Record<"latencyP50" | "latencyP95" | "latencyP99", OwnMetric>> {
  const of = (percent: number): OwnMetric =>
    gauge(`${name}.p${percent}`, {
      unit: "s",
      description: `${percent}th percentile of the duration ${ofWhat}`,
    });
  return { latencyP50: of(50), latencyP95: of(95), latencyP99: of(99) };
}
