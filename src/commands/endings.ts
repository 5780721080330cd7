import { messageOf } from "../core/text-of.ts";
import { visibleLine } from "../core/visible.ts";

/** The exit code of a command that failed. */
export const FAILED = 1;
/** The exit code of a command that was called in a way that it is not meant for. */
export const WRONG_USE = 2;

/** What is wrong with an argument, in a text for the user. */
export class WrongUse extends Error {
  override readonly name = "WrongUse";
}

/**
 * Every end of the command line is clear. It ends quietly when the reader of its output has ended,
 * as `head` does. Any other error that nothing else handles is one line, without a stack trace.
 */
export function endClearly(): void {
  process.on("uncaughtException", fail);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Windows reports EOF.
    if (error.code === "EPIPE" || error.code === "EOF") process.exit();
    fail(error);
  });
  // There is no other place to report it.
  process.stderr.on("error", () => process.exit(FAILED));
}

function fail(error: unknown): never {
  warnOnStandardError(messageOf(error));
  process.exit(FAILED);
}

/** A line for the user, beside the result on standard output. */
export function warnOnStandardError(message: string): void {
  process.stderr.write(`otel-forecast: ${visibleLine(message)}\n`);
}
