import type { ActionRule, AlertRule, MaintenanceEntry } from "../alerts/entries.ts";
import type { ResolvedAlerting } from "../alerts/resolved.ts";
import type { Threshold } from "../core/threshold.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import type { Settings } from "./settings.ts";

/** What a million tokens of a model cost, in whatever currency the table is in. */
export interface Price {
  /** Name of a model, or a pattern with `*` and `?`. */
  readonly model: string;
  readonly input: number;
  readonly output: number;
  /** Input that came out of the provider's cache; absent: as other input. */
  readonly cachedInput?: number;
}

/** A limit in a person's words: `{ above: 90 }` or `{ below: 0.95 }`, in the unit of the metric. */
export type ThresholdOption = { readonly above: number } | { readonly below: number };

/**
 * Options of `PerformanceMonitor` and `MetricsCollector`. Each wins over its environment variable;
 * what is given nowhere has the default that the README's table shows.
 */
export interface ForecastOptions {
  /**
   * Host that `/metrics` is bound to. Variable `OTEL_EXPORTER_PROMETHEUS_HOST`; default
   * `localhost`.
   */
  readonly host?: string;
  /**
   * Port of `/metrics`; 0 for any free one. Variable `OTEL_EXPORTER_PROMETHEUS_PORT`; default 9464.
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
   * Milliseconds between selections of a model. Variable `OTEL_FORECAST_INTERVAL`; default 300000.
   */
  readonly forecastIntervalMillis?: number;
  /** How far ahead to forecast, for example `["5m", "1h"]`. Variable `OTEL_FORECAST_HORIZONS`. */
  readonly horizons?: readonly string[];
  /** Name of a method, or `auto`. Variable `OTEL_FORECAST_METHOD`; default `auto`. */
  readonly method?: string;
  /** The agent that this process is. Variable `OTEL_FORECAST_AGENT`; default the service name. */
  readonly agentName?: string;
  /** Prefix of the agent metrics. Variable `OTEL_FORECAST_NAMESPACE`; default `ai_cloud`. */
  readonly namespace?: string;
  /**
   * `memory`, or `file:PATH` to keep the history over restarts. Variable `OTEL_FORECAST_HISTORY`.
   */
  readonly history?: string;
  /**
   * Most series that are kept; later ones are dropped and counted. Variable
   * `OTEL_FORECAST_MAX_SERIES`.
   */
  readonly maxSeries?: number;
  /**
   * Milliseconds after which a source that is not heard of is forgotten. Variable
   * `OTEL_FORECAST_EXPIRY`.
   */
  readonly expiryMillis?: number;
  /**
   * Ways out: `prometheus`, `otlp`, `console`; empty for none. Variable `OTEL_METRICS_EXPORTER`.
   */
  readonly exporters?: readonly string[];
  /** YAML or JSON file of views and thresholds. Variable `OTEL_FORECAST_CONFIG_FILE`. */
  readonly configFile?: string;
  /** Views in front of the default ones. */
  readonly views?: readonly ForecastView[];
  /** Thresholds by Prometheus name of the metric. */
  readonly thresholds?: Readonly<Record<string, ThresholdOption>>;
  /** Alerts on where series are heading, beside those of the configuration file. */
  readonly alerts?: readonly AlertRule[];
  /** What alerts can set going, by name; in front of those of the configuration file. */
  readonly actions?: Readonly<Record<string, ActionRule>>;
  /** Most actions in any hour, over all alerts; default 20. */
  readonly actionsPerHour?: number;
  /**
   * Ranges that are excluded from learning and from alerts, beside those of the configuration file.
   */
  readonly maintenance?: readonly MaintenanceEntry[];
}

/**
 * What holds after options, variables, the configuration file and defaults have been put together.
 */
export interface ResolvedOptions extends Settings {
  readonly views: readonly ForecastView[];
  readonly thresholds: ReadonlyMap<string, Threshold>;
  readonly alerting: ResolvedAlerting;
  readonly prices: readonly Price[];
}
