import type { Attributes } from "@opentelemetry/api";
import type { DataPoint, MetricData, ResourceMetrics } from "@opentelemetry/sdk-metrics";

/**
 * Names the sources of forecasts as OpenTelemetry does: what Prometheus calls `job` and `instance` are
 * `service.name`, with `service.namespace`, and `service.instance.id`. Left as they are, they would
 * clash with the job and the instance that Prometheus makes of the gateway's own resource.
 *
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#resource-attributes-1
 */
export class SourceAttributes {
  /** The same labels come at each push: they are renamed once. */
  readonly #renamed = new WeakMap<Attributes, Attributes>();

  renamed(metrics: ResourceMetrics): ResourceMetrics {
    const scopeMetrics = metrics.scopeMetrics.map(({ scope, metrics: ofScope }) => ({
      scope,
      metrics: ofScope.map((metric) => this.#renamedMetric(metric)),
    }));
    return { ...metrics, scopeMetrics };
  }

  #renamedMetric(metric: MetricData): MetricData {
    const points = metric.dataPoints as DataPoint<number>[];
    const dataPoints = points.map((point) => {
      const { startTime, endTime, value } = point;
      return { startTime, endTime, value, attributes: this.#renamedAttributes(point.attributes) };
    });
    return { ...metric, dataPoints } as MetricData;
  }

  #renamedAttributes(attributes: Attributes): Attributes {
    let renamed = this.#renamed.get(attributes);
    if (renamed === undefined) {
      renamed = sourceAttributes(attributes);
      this.#renamed.set(attributes, renamed);
    }
    return renamed;
  }
}

function sourceAttributes(attributes: Attributes): Attributes {
  const { job, instance, ...others } = attributes;
  if (job === undefined && instance === undefined) return attributes;
  return {
    ...(job === undefined ? {} : serviceOf(String(job))),
    ...(instance === undefined ? {} : { "service.instance.id": instance }),
    // What a series says of itself wins.
    ...others,
  };
}

function serviceOf(job: string): Attributes {
  const slash = job.indexOf("/");
  // Prometheus joins them again by a slash, so it does not matter which one divides them.
  if (slash <= 0 || slash === job.length - 1) return { "service.name": job };
  return { "service.namespace": job.slice(0, slash), "service.name": job.slice(slash + 1) };
}
