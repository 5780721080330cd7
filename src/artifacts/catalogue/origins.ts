import type { PrometheusSource } from "../../config/gateway/gateway-settings.ts";
import { labelName } from "../../prometheus/label-texts.ts";
import type { ForecastView } from "../../views/forecast-view.ts";
import { matchersOf, selector } from "../promql.ts";
import type { ForecastMetric } from "./forecast-metric.ts";

/** The series of a metric that a view has. */
interface SeriesOfView extends Pick<ForecastMetric, "metric" | "where"> {
  readonly by: ForecastView["by"];
}

/** The PromQL of series that a gateway has received and does not publish: by their name, as the view sums them. */
export function originOf({ metric, by, where }: SeriesOfView): string {
  const measured = selector(metric, matchersOf(where));
  return by === "all" ? measured : `sum by (${by.map(labelName).join(", ")}) (${measured})`;
}

/**
 * Whether a metric that no view of the file names is published. A process publishes all; the default
 * views of a gateway publish queries, rates and percentiles, and no levels that others sent.
 *
 * @param sources those of a gateway; `undefined`: it is no gateway.
 */
export function isPublishedByName(metric: string, sources: readonly PrometheusSource[] | undefined): boolean {
  return sources === undefined || isQuery(metric, sources) || /_per_second$|_p95(_[a-z]+)?$/.test(metric);
}

/** Whether a metric is a query of a source of a gateway. */
export function isQuery(metric: string, sources: readonly PrometheusSource[] = []): boolean {
  return sources.some(({ queries }) => queries.has(metric));
}
