import type { ActionRule, AlertRule, MaintenanceEntry } from "../alerts/entries.ts";
import type { ResolvedAlerting } from "../alerts/resolved.ts";
import type { Threshold } from "../core/threshold.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import type { Settings } from "./settings.ts";

/**
 * The price of a million tokens of a model, in any currency. All prices of a table use the same
 * currency.
 */
export interface Price {
  /** Name of a model, or a pattern with `*` and `?`. */
  readonly model: string;
  readonly input: number;
  readonly output: number;
  /** Input that is read from the provider's cache; default the price of other input. */
  readonly cachedInput?: number;
  /** Input that is written to the provider's cache; default the price of other input. */
  readonly cacheWrite?: number;
}

/** A limit in the unit of the metric: `{ above: 90 }` or `{ below: 0.95 }`. */
export type ThresholdOption = { readonly above: number } | { readonly below: number };

/**
 * Options of `PerformanceMonitor` and `MetricsCollector`. An option takes precedence over its
 * environment variable, and the variable over the configuration file. Invalid options throw a
 * `TypeError` when the object is created.
 */
export interface ForecastOptions {
  /**
   * Host that `/metrics` listens on. Variable `OTEL_EXPORTER_PROMETHEUS_HOST`; default `localhost`.
   */
  readonly host?: string;
  /**
   * Port of `/metrics`; 0 for any free port. Variable `OTEL_EXPORTER_PROMETHEUS_PORT`; default
   * 9464.
   */
  readonly port?: number;
  /** Milliseconds between samples. Variable `OTEL_FORECAST_COLLECTION_INTERVAL`; default 10000. */
  readonly collectionIntervalMillis?: number;
  /**
   * Milliseconds that rates, ratios and percentiles look back. Variable `OTEL_FORECAST_WINDOW`;
   * default 300000.
   */
  readonly windowMillis?: number;
  /**
   * Milliseconds between selections of a model. Variable `OTEL_FORECAST_INTERVAL`; default 30
   * collection intervals, at most the shortest horizon and 300000.
   */
  readonly forecastIntervalMillis?: number;
  /**
   * How far ahead to forecast, as durations such as `30s`, `5m`, `1h` or `1d`. Variable
   * `OTEL_FORECAST_HORIZONS`; default `["5m", "1h"]`.
   */
  readonly horizons?: readonly string[];
  /** Name of a forecasting method, `auto` or `learned`. Variable `OTEL_FORECAST_METHOD`; default `auto`. */
  readonly method?: string;
  /**
   * Whether `auto` weighs its methods as `learned` does, where that was trained. Variable
   * `OTEL_FORECAST_LEARNED`; default `false`.
   */
  readonly learned?: boolean;
  /**
   * Name of the agent that this process is. Variable `OTEL_FORECAST_AGENT`; default the service
   * name.
   */
  readonly agentName?: string;
  /** Prefix of the agent metrics. Variable `OTEL_FORECAST_NAMESPACE`; default `ai_cloud`. */
  readonly namespace?: string;
  /**
   * Where the history is kept: `memory`, or `file:PATH` to keep it over restarts. Variable
   * `OTEL_FORECAST_HISTORY`; default `memory`.
   */
  readonly history?: string;
  /**
   * URL of a Prometheus API that is asked for the past of the series when the process starts. Variable
   * `OTEL_FORECAST_BACKFILL`; default: the past is not asked for.
   */
  readonly backfill?: string;
  /**
   * Maximum of series. Further series are dropped and counted. Variable `OTEL_FORECAST_MAX_SERIES`;
   * default 10000.
   */
  readonly maxSeries?: number;
  /**
   * Milliseconds after which a source that sends nothing leaves `/metrics`. Variable
   * `OTEL_FORECAST_EXPIRY`; default 3600000.
   */
  readonly expiryMillis?: number;
  /**
   * Exporters: `prometheus`, `otlp`, `console`; empty for none. Variable `OTEL_METRICS_EXPORTER`;
   * default `["prometheus"]`.
   */
  readonly exporters?: readonly string[];
  /** Path of the configuration file, YAML or JSON. Variable `OTEL_FORECAST_CONFIG_FILE`. */
  readonly configFile?: string;
  /**
   * Path of a web configuration file in the format of Prometheus's exporter-toolkit: TLS, logins,
   * headers and a limit of requests for the port. Variable `OTEL_FORECAST_WEB_CONFIG`.
   */
  readonly webConfigFile?: string;
  /**
   * Whether the port must not be opened to other machines without a login. Variable
   * `OTEL_FORECAST_REQUIRE_AUTH`; default `false`.
   */
  readonly requireAuth?: boolean;
  /**
   * Whether the endpoint shows a page for people at `/`. Variable `OTEL_FORECAST_PAGE`; default
   * `true`.
   */
  readonly page?: boolean;
  /**
   * Whether a scrape that gets native histograms gets their classic buckets too. Variable
   * `OTEL_FORECAST_CLASSIC_BUCKETS`; default `true`.
   */
  readonly classicBuckets?: boolean;
  /**
   * How the names of metrics and labels become those on `/metrics`:
   * `UnderscoreEscapingWithSuffixes`, `UnderscoreEscapingWithoutSuffixes`,
   * `NoUTF8EscapingWithSuffixes`, `NoTranslation` or `none`, which is the same. Variable
   * `OTEL_FORECAST_TRANSLATION`; default `UnderscoreEscapingWithSuffixes`.
   */
  readonly translation?: string;
  /** Views that take precedence over those of the configuration file and over the default views. */
  readonly views?: readonly ForecastView[];
  /** Thresholds by Prometheus name of the metric. */
  readonly thresholds?: Readonly<Record<string, ThresholdOption>>;
  /**
   * IANA name of the time zone in which a day begins, such as `Europe/Berlin`: for totals of the day,
   * and for the seasons of views without a zone of their own. Default: that of the configuration
   * file, else that of the views of what was used today, else UTC.
   */
  readonly timeZone?: string;
  /** Alerts on forecasts, in addition to those of the configuration file. */
  readonly alerts?: readonly AlertRule[];
  /**
   * Actions that alerts can run, by name. They take precedence over those of the configuration
   * file.
   */
  readonly actions?: Readonly<Record<string, ActionRule>>;
  /** Maximum of actions in any hour, over all alerts; default 20. */
  readonly actionsPerHour?: number;
  /**
   * Ranges of time that are excluded from learning and from alerts, in addition to those of the
   * configuration file.
   */
  readonly maintenance?: readonly MaintenanceEntry[];
}

/**
 * The options of a process, merged from options, variables, the configuration file and defaults.
 */
export interface ResolvedOptions extends Settings {
  /** The views that were given, then the default ones. */
  readonly views: readonly ForecastView[];
  /** The number of views that were given. */
  readonly givenViews: number;
  readonly thresholds: ReadonlyMap<string, Threshold>;
  readonly alerting: ResolvedAlerting;
  readonly prices: readonly Price[];
  /** The zone in which a day begins; `undefined`: UTC. */
  readonly timeZone: string | undefined;
}
