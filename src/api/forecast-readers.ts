import type { IMetricReader } from "@opentelemetry/sdk-metrics";
import type { ForecastOptions } from "../config/options.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { PerformanceMonitor } from "./performance-monitor.ts";

/**
 * Adds forecasts to a `NodeSDK` or `MeterProvider` in one line: starts a monitor and gives its readers, to be put
 * beside the application's own.
 *
 *     new NodeSDK({ metricReaders: [mine, ...forecastReaders()] })
 *
 * @throws TypeError that names the option that is wrong and what was expected.
 */
export function forecastReaders(options: ForecastOptions = {}): IMetricReader[] {
  const monitor = new PerformanceMonitor(options);
  const readers = monitor.metricReaders();
  monitor.start().catch((error) => log.error(`the monitor could not start: ${messageOf(error)}`));
  return readers;
}
