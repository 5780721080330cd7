import { type DiagLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { diagLogLevelFromString } from "@opentelemetry/core";

const OURS = "otel-forecast: ";
/** Kinds of messages that are told apart; what is said beyond them is one kind. */
const MAX_KINDS = 200;

/**
 * Sends what OpenTelemetry has to say to standard error, at the level of `OTEL_LOG_LEVEL`. Standard output belongs to
 * the application: to one that speaks a protocol there, a log line would be an error.
 *
 * An SDK warns at every call that it can't take. Without us it would not be there, so its warnings must not flood the
 * application's log: each kind is written the first time, and the 10th, the 100th and so on.
 */
export function logToStandardError(level: string): void {
  const said = new Map<string, number>();
  const write = (kind: string, isSeldom: boolean) => {
    return (message: string, ...details: unknown[]): void => {
      try {
        const text = isSeldom ? seldom(said, kind, String(message)) : message;
        // biome-ignore lint/suspicious/noConsole: all lines of the plugin are written here.
        if (text !== undefined) console.error(`[${kind}] ${text}`, ...details);
      } catch {
        // What can't be shown, or standard error that can't be written to: both are the application's.
      }
    };
  };
  const logger: DiagLogger = {
    error: write("error", true),
    warn: write("warn", true),
    info: write("info", true),
    debug: write("debug", false),
    verbose: write("verbose", false),
  };
  const logLevel = diagLogLevelFromString(level) ?? DiagLogLevel.INFO;
  diag.setLogger(logger, { logLevel, suppressOverrideMessage: true });
}

/** The message as it is to be written, or nothing where it was written often enough. */
function seldom(said: Map<string, number>, kind: string, message: string): string | undefined {
  if (message.startsWith(OURS)) return message;
  const times = countOf(said, `${kind} ${kindOf(message)}`);
  if (!Number.isInteger(Math.log10(times))) return undefined;
  return `${OURS}OpenTelemetry: ${times === 1 ? "" : `(${times} times so far) `}${message}`;
}

/** What a message begins with, up to where it names what it is about. */
function kindOf(message: string): string {
  return message.slice(0, 100).split(/[\d{}"':]/, 1)[0] ?? "";
}

function countOf(said: Map<string, number>, kind: string): number {
  const key = said.has(kind) || said.size < MAX_KINDS ? kind : "others";
  const times = (said.get(key) ?? 0) + 1;
  said.set(key, times);
  return times;
}
