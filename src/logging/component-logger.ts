import { diag } from "@opentelemetry/api";

/** The start of every log line of this package. */
export const LOG_PREFIX = "otel-forecast: ";

type LogLine = (message: string, ...details: unknown[]) => void;

/**
 * Logs through OpenTelemetry's `diag`, with the name of this package. All other code logs through
 * this, so every line has the prefix.
 */
export const log: Readonly<Record<"debug" | "info" | "warn" | "error", LogLine>> = {
  debug: (message, ...details) => diag.debug(`${LOG_PREFIX}${message}`, ...details),
  info: (message, ...details) => diag.info(`${LOG_PREFIX}${message}`, ...details),
  warn: (message, ...details) => diag.warn(`${LOG_PREFIX}${message}`, ...details),
  error: (message, ...details) => diag.error(`${LOG_PREFIX}${message}`, ...details),
};
