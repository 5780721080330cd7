import { setImmediate } from "node:timers";

/** Lines whose outcome is not known yet. */
let pending = 0;

/**
 * Writes a line to standard error. A line that can't be written is lost: the disk under a log file may be full,
 * and nobody may read a pipe any more. Without a listener, such an error would end the application, which
 * may write nothing there itself. The errors of its own lines stay its own. So `console.error` is not
 * used: it lets the second error of a stream through.
 */
export function writeToStandardError(line: string): void {
  const { stderr } = process;
  if (pending === 0) stderr.on("error", ignore);
  pending += 1;
  try {
    // An error is emitted after the callback.
    stderr.write(`${line}\n`, () => setImmediate(release).unref());
  } catch {
    release();
  }
}

function release(): void {
  pending -= 1;
  if (pending === 0) process.stderr.off("error", ignore);
}

function ignore(): void {}
