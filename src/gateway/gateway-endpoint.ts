import type { MetricProducer } from "@opentelemetry/sdk-metrics";
import { webConfigFile } from "../config/web/web-config-file.ts";
import type { Surroundings } from "../measure/surroundings.ts";
import { MAX_PAGE_BYTES } from "../prometheus/page-budget.ts";
import { PrometheusEndpoint } from "../prometheus/prometheus-endpoint.ts";
import type { ForecastPipeline } from "../run/forecast-pipeline.ts";
import { selectorsTest } from "../status/series-selector.ts";
import { StatusReader } from "../status/status-reader.ts";
import type { GatewayControl } from "./control-routes.ts";
import { ForecastPaths } from "./outputs/forecast-paths.ts";
import type { Configured } from "./read-configured.ts";
import type { PostponedBecause } from "./receivers/postponement.ts";
import type { GatewayCounts } from "./self-observation.ts";
import type { StreamTable } from "./streams/stream-table.ts";
import { webPaths } from "./web-paths.ts";

/** Room for the forecasts of a series on `/metrics`. */
const PAGE_BYTES_OF_SERIES = 1000;

/** What the web port of a gateway shows. */
export interface GatewayEndpointParts {
  readonly surroundings: Surroundings;
  readonly producer: MetricProducer;
  readonly streams: StreamTable;
  readonly counts: GatewayCounts;
  /** Why nothing is taken now. */
  readonly postponedBecause: PostponedBecause;
  readonly control: GatewayControl;
  /** The options as the file says now: some follow it while the gateway runs. */
  present(): Pick<Configured["options"], "page" | "translation">;
  /** That of the present configuration. */
  pipeline(): ForecastPipeline;
}

/** The web port of a gateway: its forecasts, its health, and everything that can be asked of it. */
export function gatewayEndpoint(
  { options, settings }: Configured,
  {
    surroundings,
    producer,
    streams,
    counts,
    control,
    postponedBecause,
    present,
    pipeline,
  }: GatewayEndpointParts,
): PrometheusEndpoint {
  const { outputs, webConfigFile: file } = settings;
  return new PrometheusEndpoint({
    host: outputs.web.host,
    port: outputs.web.port,
    resource: surroundings.resource,
    metricProducers: [producer],
    health: () => ({ ...pipeline().health() }),
    maxPageBytes: Math.max(MAX_PAGE_BYTES, options.maxSeries * PAGE_BYTES_OF_SERIES),
    classicBuckets: options.classicBuckets,
    translation: () => present().translation,
    webConfig: file === undefined ? undefined : webConfigFile(file),
    selectorsTest,
    routes: webPaths(settings, {
      control,
      streams,
      paths: new ForecastPaths(() => pipeline().engine.forecasters),
      status: new StatusReader({
        engine: () => pipeline().engine,
        alerts: () => pipeline().alerting,
        now: () => pipeline().clock.now(),
      }),
      page: { service: surroundings.serviceName, isShown: () => present().page },
      counts,
      postponedBecause,
    }),
  });
}
