export type {
  FailureRecord,
  FailureRecovery,
  RecoveryRecord,
  RetriedAttempt,
  TaskCancellation,
  TaskRecord,
  TaskStart,
} from "./agents/events.ts";
export type { AgentPerformance, OpenFailure, TaskTypePerformance } from "./agents/performance.ts";
export type { Alert } from "./alerts/alert.ts";
export type { AlertFilter } from "./alerts/alerting.ts";
export type {
  ActionCall,
  ActionEffect,
  ActionFunction,
  ActionRule,
  AlertRule,
  AlertThreshold,
  MaintenanceEntry,
  SecretSource,
} from "./alerts/entries.ts";
export type { MaintenanceRequest } from "./alerts/maintenance-calendar.ts";
export { AgentHandle, type TaskContext } from "./api/agent-handle.ts";

export { AgentSuccessTracker } from "./api/agent-success-tracker.ts";

export { type InstrumentOptions, instrument, type TaskDecorator, task } from "./api/instrument.ts";
export { MetricsCollector } from "./api/metrics-collector.ts";
export { type ClassObservedFramework, observeClass } from "./api/observe-class.ts";
export { forecastReaders, PerformanceMonitor } from "./api/performance-monitor.ts";
export { AgentMetricsCollector, PrometheusMetricsExporter } from "./api/prometheus-metrics-exporter.ts";
export { TimeSeriesForecaster } from "./api/time-series-forecaster.ts";
export type { DataPoint, ForecastRequest, TimeSeriesForecasterOptions } from "./api/time-series-input.ts";
export type { ForecastOptions, ThresholdOption } from "./config/options.ts";
export type { Bounds } from "./core/bounds.ts";
export type { FailedForecast, Forecast, ReadyForecast, Trend, WarmingUpForecast } from "./core/forecast.ts";
export type { Horizon } from "./core/horizon.ts";
export type { Threshold } from "./core/threshold.ts";
export type { ForecastFilter, LearntFilter } from "./engine/engine-filters.ts";
export type { AgentMetrics, SystemMetrics } from "./metrics/recorded-fields.ts";
export type { ForecastView, MeasuredNumber, ViewOutput } from "./views/forecast-view.ts";
export type { AttributeFilter } from "./views/pattern.ts";
