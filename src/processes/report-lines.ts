import type { Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";

/** A longer line is no report. */
const MAX_LINE_LENGTH = 32 * 1024 * 1024;
/** How long a process that ends waits until its last line is sent. */
const LAST_LINE_MILLIS = 1000;
/** A process that takes nothing for so long is suspended, or waits for something. */
const STALLED_MILLIS = 2000;

/** Why a connection was closed: the other process took nothing. */
export class Stalled extends Error {
  override readonly name = "Stalled";
}

/**
 * Hands on each whole line of a connection that keeps no process alive. Closes it at a line that is too
 * long, and if the other process takes nothing: what is still to be sent keeps this process alive, although
 * the other one may wait for its end.
 */
export function onLines(socket: Socket, take: (line: string) => void): void {
  let rest = "";
  socket.unref();
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() as string;
    for (const line of lines) if (!socket.destroyed) take(line);
    if (rest.length > MAX_LINE_LENGTH) socket.destroy();
  });
  socket.setTimeout(STALLED_MILLIS, () => {
    if (socket.writableLength > 0) socket.destroy(new Stalled());
  });
}

export function sendLine(socket: Socket, message: unknown): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

/** Ends a connection. Resolves when everything has been sent, or after a second. */
export function end(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, LAST_LINE_MILLIS);
    timer.unref();
    socket.once("close", done);
    socket.end(done);
  });
}

/** A line as JSON; `undefined` if it is none. */
export function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
