import { type DiagLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { diagLogLevelFromString } from "@opentelemetry/core";

/**
 * Sends what OpenTelemetry has to say to standard error, at the level of `OTEL_LOG_LEVEL`. Standard output belongs to
 * the application: to one that speaks a protocol there, a log line would be an error.
 */
export function logToStandardError(level: string): void {
  const write =
    (kind: string) =>
    (message: string, ...details: unknown[]) => {
      try {
        console.error(`[${kind}] ${message}`, ...details);
      } catch {
        // A detail that can't be shown, or standard error that can't be written to: both are the application's.
      }
    };
  const logger: DiagLogger = {
    error: write("error"),
    warn: write("warn"),
    info: write("info"),
    debug: write("debug"),
    verbose: write("verbose"),
  };
  const logLevel = diagLogLevelFromString(level) ?? DiagLogLevel.INFO;
  diag.setLogger(logger, { logLevel, suppressOverrideMessage: true });
}
