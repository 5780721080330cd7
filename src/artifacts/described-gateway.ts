import { defaultThresholds } from "../config/default-thresholds.ts";
import type { GatewaySettings } from "../config/gateway/gateway-settings.ts";
import { streamLimit } from "../config/gateway/stream-limit.ts";
import type { ResolvedOptions } from "../config/options.ts";
import { catalogueOf } from "./catalogue/catalogue.ts";
import type { Catalogue } from "./catalogue/forecast-metric.ts";

/** A gateway, as its configuration file and the Prometheus that scrapes it know it. */
export interface DescribedGateway {
  readonly options: ResolvedOptions;
  readonly settings: GatewaySettings;
  /** The label `job` of its targets. */
  readonly job: string;
}

/** The label `job` in the documentation and in the examples. */
export const GATEWAY_JOB = "otel-forecast-gateway";

/**
 * Lists what a gateway forecasts, as far as it is known before it runs. The default thresholds are those
 * of processes: a gateway does not measure itself.
 */
export function gatewayCatalogue({ options, settings }: DescribedGateway): Promise<Catalogue> {
  const ofProcesses = defaultThresholds(options.namespace);
  const thresholds = [...options.thresholds].filter(
    ([metric, { value }]) => ofProcesses.get(metric)?.value !== value,
  );
  return catalogueOf({ ...options, thresholds: new Map(thresholds) }, settings.sources);
}

/** A gateway takes no more streams than this; of each tenant, if there are tenants. */
export function streamLimitOf({ options, settings }: DescribedGateway): number {
  return streamLimit(settings.limits.streams, options.maxSeries);
}

/** The label that names the tenant in the metrics of a gateway; `undefined`: there are no tenants. */
export function tenantLabelOf({ settings: { tenants } }: DescribedGateway): string | undefined {
  return tenants.header === undefined ? undefined : tenants.label;
}

const OLD_INTERVALS = 5;
const MIN_OLD_SECONDS = 60;

/** Forecasts that are older than this, in seconds, are not those of the present. */
export function oldForecastSeconds({ options }: DescribedGateway): number {
  return Math.max(MIN_OLD_SECONDS, (OLD_INTERVALS * options.collectionIntervalMillis) / 1000);
}

/** The reason for which forecasts, not points, are left out. */
export const OUTPUT_FAILED = "output_failed";

/**
 * The reasons for which points are left out although nothing is wrong, as a regular expression:
 *
 * - A point that comes twice, or after a newer one, is late. Repeated sends make some.
 * - A ratio without a denominator is NaN.
 * - Another member owns the series.
 * - Histograms are incomplete when a sender starts.
 * - Summaries and native histograms are not supported: their senders do nothing wrong.
 */
export const NORMAL_REASON = [
  "late.*",
  "not_finite",
  "not_owned",
  "incomplete_histogram",
  "native_histogram",
  "summary",
].join("|");
