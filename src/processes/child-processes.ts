import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearImmediate, setImmediate } from "node:timers";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { HANDED_ON } from "../core/handed-on.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { onProcess } from "../system/process-events.ts";
import { removeAbandonedSockets } from "./abandoned-sockets.ts";
import { type ReportReceiver, ReportServer } from "./report-connection.ts";

/** The variable by which child processes find the process that receives their reports. */
const VARIABLE = HANDED_ON.parent;
/** The folder of a socket is named so, and then by six random characters. */
const FOLDER = "otel-forecast-";
const SOCKET = "socket";
const REMOVE_AFTER_MILLIS = 5000;

const parentSchema = v.object({
  /** The socket that receives reports. Only the user of the process can open it. */
  path: v.string(),
  /**
   * The port of the parent's endpoint. A child that is configured for another port serves its own
   * endpoint.
   */
  port: v.number(),
  /** The name of the parent's agent. */
  name: v.string(),
  /** The parent's `OTEL_FORECAST_AGENT`. A child inherits the variable, but is not that agent. */
  agent: v.optional(v.string()),
});

/** The process that receives the reports of its child processes. */
export type ParentProcess = v.InferOutput<typeof parentSchema>;

/** The process that started this one and receives its reports; `undefined` if there is none. */
export function parentOf(environment: NodeJS.ProcessEnv): ParentProcess | undefined {
  try {
    return v.parse(parentSchema, JSON.parse(environment[VARIABLE] ?? ""));
  } catch {
    return undefined;
  }
}

/**
 * Receives the reports of child processes. Children that are started from now on find the socket in
 * a variable of `environment`. Does not keep the process alive.
 *
 * @returns a function that stops it.
 */
export function listenToChildren(
  receiver: ReportReceiver,
  self: Omit<ParentProcess, "path">,
  environment: NodeJS.ProcessEnv,
): () => void {
  const folder = process.platform === "win32" ? undefined : mkdtempSync(join(tmpdir(), FOLDER));
  const path = folder === undefined ? `\\\\.\\pipe\\otel-forecast-${randomUUID()}` : join(folder, SOCKET);
  const inherited = environment[VARIABLE];
  const server = new ReportServer(receiver, "child");
  const stop = (): void => {
    clearImmediate(listening);
    if (inherited === undefined) delete environment[VARIABLE];
    else environment[VARIABLE] = inherited;
    server.stopListening();
    if (folder !== undefined) removeFolder(folder);
  };
  // No child starts faster than that.
  const listening = setImmediate(() => {
    server.listen(path).then(removeAbandoned, (error: unknown) => {
      log.warn(`child processes can't report to this process: ${messageOf(error)}`);
      stop();
    });
  });
  listening.unref();
  environment[VARIABLE] = JSON.stringify({ ...self, path } satisfies ParentProcess);
  const stopWatching = onProcess("exit", stop);
  return () => {
    stopWatching();
    stop();
  };
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another process of this package removes it later.
  }
}

/** A process that ends by a signal can't remove its folder. One that ends soon removes no others'. */
async function removeAbandoned(): Promise<void> {
  if (process.platform === "win32") return;
  await delay(REMOVE_AFTER_MILLIS, undefined, { ref: false });
  const isFolder = (name: string): boolean =>
    name.startsWith(FOLDER) && /^\w{6}$/.test(name.slice(FOLDER.length));
  try {
    await removeAbandonedSockets(tmpdir(), isFolder, SOCKET);
  } catch {
    // The app has replaced what lists files, such as in its tests.
  }
}
