import { writeSync } from "node:fs";
import { setImmediate } from "node:timers";
import { format } from "node:util";
import { isMainThread } from "node:worker_threads";
import { visible } from "../core/visible.ts";

const STANDARD_ERROR = 2;
// biome-ignore lint/suspicious/noConsole: to see later whether the application has replaced it.
const ofNode = console.error;

/**
 * Writes a line, as `console.error` does. A line that cannot be written, since standard error is a closed pipe or
 * a file on a full disk, is lost: by `console.error`, the second such line ends the process, and listeners of the
 * application see an error.
 */
export function writeToStandardError(text: string, ...details: unknown[]): void {
  // biome-ignore lint/suspicious/noConsole: all log lines of the plugin are written here.
  if (!isMainThread || isTakenByApplication()) console.error(visible(text), ...details);
  else writeAtOnce(Buffer.from(`${visible(format(text, ...details))}\n`));
}

/** Whether the application takes what is written, such as one that draws in the terminal. */
function isTakenByApplication(): boolean {
  // biome-ignore lint/suspicious/noConsole: as above.
  return console.error !== ofNode || Object.hasOwn(process.stderr, "write");
}

function writeAtOnce(line: Uint8Array): void {
  let written = 0;
  try {
    while (written < line.length) written += writeSync(STANDARD_ERROR, line, written);
  } catch (error) {
    // The reader of a pipe is slow.
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") writeLater(line.subarray(written));
  }
}

/** Lines whose outcome is not known yet. */
let pending = 0;

/** Without a listener, an error of the stream would end the application. Those of its own lines stay its own. */
function writeLater(rest: Uint8Array): void {
  if (pending === 0) process.stderr.on("error", ignore);
  pending += 1;
  // An error is emitted after the callback.
  process.stderr.write(rest, () => setImmediate(release).unref());
}

function release(): void {
  pending -= 1;
  if (pending === 0) process.stderr.off("error", ignore);
}

function ignore(): void {}
