import { type DiagLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { diagLogLevelFromString } from "@opentelemetry/core";
import { LOG_PREFIX } from "./component-logger.ts";
import { writeToStandardError } from "./standard-error.ts";

/** The maximum of kinds of messages. All further messages count as one kind. */
const MAX_KINDS = 200;
/** A kind is recognised by the start of a message, at most this many characters. */
const MAX_KIND_LENGTH = 100;

/**
 * Writes OpenTelemetry's log to standard error. Standard output belongs to the application: if it
 * speaks a protocol there, a log line would break it.
 *
 * An SDK warns at every call that it cannot accept. Without us there would be no SDK, so its
 * warnings must not flood the log of the application: each kind is written the first time, the
 * 10th, the 100th time and so on.
 *
 * @param level a level of `OTEL_LOG_LEVEL`. Another text means `info`.
 */
export function logToStandardError(level: string): void {
  const counts = new Map<string, number>();
  const write = (level: string, isThinned: boolean) => {
    return (message: string, ...details: unknown[]): void => {
      try {
        const text = isThinned ? thinned(counts, level, String(message)) : message;
        if (text !== undefined) writeToStandardError(`[${level}] ${text}`, ...details);
      } catch {
        // The application's own values have no text.
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

/** The text to write. `undefined` if the kind of message was written often enough. */
function thinned(counts: Map<string, number>, level: string, message: string): string | undefined {
  if (message.startsWith(LOG_PREFIX)) return message;
  const text = readable(message);
  const times = countOf(counts, `${level} ${kindOf(text)}`);
  if (!Number.isInteger(Math.log10(times))) return undefined;
  return `${LOG_PREFIX}OpenTelemetry: ${times === 1 ? "" : `(${times} times so far) `}${text}`;
}

/** OpenTelemetry logs an error as JSON of all that it has, with its stack. A person needs what happened. */
function readable(message: string): string {
  if (!message.startsWith('{"')) return message;
  try {
    const { stack, message: said, code, data } = JSON.parse(message) as Record<string, unknown>;
    if (stack === undefined || said === undefined) return message;
    const more = [code, data].filter(
      (it) => it !== undefined && it !== "" && !String(said).includes(String(it)),
    );
    return [said, ...more].join(", ");
  } catch {
    return message;
  }
}

/** The start of a message, up to its first number, quote, bracket or colon. */
function kindOf(message: string): string {
  return message.slice(0, MAX_KIND_LENGTH).split(/[\d{}"':]/, 1)[0] ?? "";
}

function countOf(counts: Map<string, number>, kind: string): number {
  const key = counts.has(kind) || counts.size < MAX_KINDS ? kind : "others";
  const times = (counts.get(key) ?? 0) + 1;
  counts.set(key, times);
  return times;
}
