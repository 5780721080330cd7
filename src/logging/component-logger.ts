import { diag } from "@opentelemetry/api";
import { visibleLine } from "../core/visible.ts";

/** The start of every log line of this package. */
export const LOG_PREFIX = "otel-forecast: ";

type Level = "debug" | "info" | "warn" | "error";
type LogLine = (message: string, ...details: unknown[]) => void;

/**
 * Logs through OpenTelemetry's `diag`, with the name of this package. All other code logs through
 * this, so every line has the prefix. What others have said, such as the answer of a server, can neither write a
 * second line nor codes that a terminal obeys. It never throws, although a logger of the application may.
 */
export const log: Readonly<Record<Level, LogLine>> = {
  debug: lineOf("debug"),
  info: lineOf("info"),
  warn: lineOf("warn"),
  error: lineOf("error"),
};

function lineOf(level: Level): LogLine {
  return (message, ...details) => {
    try {
      diag[level](`${LOG_PREFIX}${visibleLine(message)}`, ...details);
    } catch {
      // There is no other way to log.
    }
  };
}
