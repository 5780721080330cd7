import type { Resource } from "@opentelemetry/resources";
import type { MetricProducer } from "@opentelemetry/sdk-metrics";
import type { Hurry } from "../core/hurry.ts";
import type { Route } from "./answers.ts";
import type { ShownOf } from "./endpoint-reader.ts";
import type { Translation } from "./names/translation.ts";
import type { HealthReport } from "./request-handler.ts";
import type { SeriesTest } from "./selected-points.ts";
import type { WebConfigSource } from "./web/web-config.ts";

/** Options of a `PrometheusEndpoint`. */
export interface PrometheusEndpointOptions {
  /** Name or address to listen on; default `localhost`. */
  readonly host?: string;
  /** Default 9464; 0 for any free port. */
  readonly port?: number;
  /** Producers whose metrics are shown beside those of the readers. */
  readonly metricProducers?: readonly MetricProducer[];
  /**
   * The longest wait for callbacks and producers, default 5000. A scrape of a client that waits
   * less is shorter.
   */
  readonly collectTimeoutMillis?: number;
  /** The web configuration file; default: no encryption and no login. */
  readonly webConfig?: WebConfigSource | undefined;
  /** Whether other machines may only be let in with a login; default `false`. */
  readonly requiresAuth?: boolean;
  /** The answer to `/health`; default healthy. */
  readonly health?: () => HealthReport;
  /**
   * Compiles the selectors of `match[]`, with which a client asks for a part of `/metrics`. Throws
   * `WrongSelector`. Absent: everybody gets everything.
   */
  readonly selectorsTest?: (selectors: readonly string[]) => SeriesTest;
  /** What answers requests to other paths than `/metrics` and `/health`. */
  readonly routes?: ReadonlyMap<string, Route>;
  /** The wait before the first retry of a port in use, default 1000. It doubles up to 30 s. */
  readonly retryMillis?: number;
  /** The maximum of attribute sets of one instrument on `reader`; default 2000, as the SDK's. */
  readonly cardinalityLimit?: number;
  /** The maximum size of a page, in bytes; default 10 MB. */
  readonly maxPageBytes?: number;
  /**
   * Whether histograms that have a native form on a page have their classic buckets there too;
   * default `true`.
   */
  readonly classicBuckets?: boolean;
  /** How the names of metrics and labels are translated; default `UnderscoreEscapingWithSuffixes`. */
  readonly translation?: () => Translation;
  /** Receives the number of points of a metric that found no room on a page. */
  readonly onPageFull?: (points: number, metric: string) => void;
  /** Begins when the monitor shuts down: scrapes then wait only shortly for callbacks. */
  readonly hurry?: Hurry;
  /** Tells which attribute sets of an instrument on `reader` are shown. Default: all are. */
  readonly shownOf?: ShownOf;
  /** Shown as `target_info` while no reader has a resource. */
  readonly resource?: Resource;
}

type Defaulted = "host" | "port" | "collectTimeoutMillis" | "retryMillis";

/**
 * The options with their defaults.
 *
 * @throws RangeError that names an option outside its range.
 */
export function checkedOptions(
  options: PrometheusEndpointOptions,
): PrometheusEndpointOptions & Required<Pick<PrometheusEndpointOptions, Defaulted>> {
  const { host = "localhost", port = 9464, collectTimeoutMillis = 5000, retryMillis = 1000 } = options;
  const isPort = Number.isInteger(port) && port >= 0 && port <= 65_535;
  const wrong = [
    host === "" && `host is ${host}, expected the name or address of a network interface`,
    !isPort && `port is ${port}, expected a whole number from 0 to 65535`,
    !(collectTimeoutMillis > 0) && `collectTimeoutMillis is ${collectTimeoutMillis}, expected more than 0 ms`,
    !(retryMillis > 0) && `retryMillis is ${retryMillis}, expected more than 0 ms`,
  ].find((message) => message !== false);
  if (wrong !== undefined) throw new RangeError(`PrometheusEndpoint: ${wrong}`);
  return { ...options, host, port, collectTimeoutMillis, retryMillis };
}
