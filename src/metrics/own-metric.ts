/**
 * A metric of this package. The tables of this room are the one place that names our metrics:
 * publications, views, dashboards, rules and the tests of the documentation read them.
 */
export interface OwnMetric {
  /** The OpenTelemetry name. Its Prometheus name follows from name, unit and type. */
  readonly name: string;
  /** A unit of UCUM; "" for rates, ratios and counts, whose names say what they are. */
  readonly unit: string;
  readonly type: "gauge" | "counter" | "histogram";
  /** Labels of its series, beside those of a series that it speaks of. */
  readonly labels: readonly string[];
  readonly description: string;
}

type Described = Pick<OwnMetric, "description"> & Partial<Pick<OwnMetric, "unit" | "labels">>;

export function gauge(name: string, { description, unit = "", labels = [] }: Described): OwnMetric {
  return { name, unit, type: "gauge", labels, description };
}

export function counter(name: string, { description, unit = "", labels = [] }: Described): OwnMetric {
  return { name, unit, type: "counter", labels, description };
}

export function histogram(name: string, { description, unit = "", labels = [] }: Described): OwnMetric {
  return { name, unit, type: "histogram", labels, description };
}

/** The 50th, 95th and 99th percentile of durations. */
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
