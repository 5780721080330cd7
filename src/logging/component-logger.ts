import { diag } from "@opentelemetry/api";

/** What every log line of this package begins with. */
export const LOG_PREFIX = "otel-forecast: ";

type LogLine = (message: string, ...details: unknown[]) => void;

/**
 * Logs through OpenTelemetry's `diag`, under the name of this package. Nothing else in the source calls `diag`, so that
 * every line can be found by its prefix.
 */
export const log: Readonly<Record<"debug" | "info" | "warn" | "error", LogLine>> = {
  debug: (message, ...details) => diag.debug(`${LOG_PREFIX}${message}`, ...details),
  info: (message, ...details) => diag.info(`${LOG_PREFIX}${message}`, ...details),
  warn: (message, ...details) => diag.warn(`${LOG_PREFIX}${message}`, ...details),
  error: (message, ...details) => diag.error(`${LOG_PREFIX}${message}`, ...details),
};
