import type { PrometheusSource } from "../../config/gateway/gateway-settings.ts";
import { labelName } from "../../prometheus/label-texts.ts";
import type { ForecastView } from "../../views/forecast-view.ts";
import { matchersOf, selector } from "../promql.ts";
import type { ForecastMetric, Origin } from "./forecast-metric.ts";

/** The series of a metric that a view has. */
interface SeriesOfView extends Pick<ForecastMetric, "metric" | "where" | "except"> {
  readonly by: ForecastView["by"];
}

/**
 * Where a gateway has the series from that it does not publish: from a query of a source, else from
 * the metric of this name.
 *
 * @param sources those of the gateway; `undefined`: it is a process, which publishes all.
 */
export function originOf(
  { metric, by, where, except }: SeriesOfView,
  sources: readonly PrometheusSource[] | undefined,
): Origin | undefined {
  if (sources === undefined) return undefined;
  const query = queryOf(metric, sources);
  // What a query gives cannot be selected by labels.
  if (query !== undefined && (where !== undefined || except.length > 0)) return { promql: undefined };
  const measured = query === undefined ? selector(metric, matchersOf(where)) : `(${query})`;
  return { promql: by === "all" ? measured : `sum by (${by.map(labelName).join(", ")}) (${measured})` };
}

/**
 * Whether a metric that no view of the file names is published: the default views of a gateway publish
 * rates and percentiles.
 */
export function isPublishedByName(metric: string, sources: readonly PrometheusSource[] | undefined): boolean {
  if (sources === undefined) return true;
  return !isQuery(metric, sources) && /_per_second$|_p95(_[a-z]+)?$/.test(metric);
}

/** The alerts on levels that are left out, and why. */
export function remarksOnOrigins(metrics: readonly ForecastMetric[]): string[] {
  return metrics
    .filter(({ threshold, origin }) => threshold !== undefined && origin?.promql === undefined)
    .filter(({ origin }) => origin !== undefined)
    .map(
      ({ metric }) =>
        `the alert on ${metric} itself, beside those on its forecasts: it is a query, and the view has only some ` +
        'of its series. Select them in the query, and leave out the "where" of the view',
    );
}

/** Whether a metric is a query of a source of a gateway. */
export function isQuery(metric: string, sources: readonly PrometheusSource[] = []): boolean {
  return queryOf(metric, sources) !== undefined;
}

function queryOf(metric: string, sources: readonly PrometheusSource[]): string | undefined {
  return sources.map(({ queries }) => queries.get(metric)).find((query) => query !== undefined);
}
