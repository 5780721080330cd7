import type Cluster from "node:cluster";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readlinkSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptOfPm2 } from "../system/pm2.ts";

const load = createRequire(import.meta.url);

/**
 * Part of the socket's name: workers with different versions of this package connect only if the
 * reports are alike.
 */
const REPORT_VERSION = 4;
const NAMESPACES = ["net", "pid"];

/**
 * Whether this process is one of several that run one program for the same work: in a cluster, or
 * started by PM2.
 */
export function isWorkerProcess(environment: NodeJS.ProcessEnv): boolean {
  if (scriptOfPm2(environment) !== undefined) return true;
  // A worker of a cluster has a channel to its primary. Without a channel, `node:cluster` is not
  // loaded.
  return process.send !== undefined && (load("node:cluster") as typeof Cluster).isWorker;
}

/**
 * The socket where the workers that want one port connect to each other. Only their user can open
 * it.
 */
export class WorkerSocket {
  readonly path: string;
  readonly #folder: string | undefined;

  constructor({ host, port }: { host: string; port: number }, environment: NodeJS.ProcessEnv) {
    const program = scriptOfPm2(environment) ?? process.argv[1];
    const together = [REPORT_VERSION, process.ppid, host, port, program, NAMESPACES.map(namespace)];
    const name = createHash("sha256").update(JSON.stringify(together)).digest("hex").slice(0, 16);
    if (process.platform === "win32") {
      this.path = `\\\\.\\pipe\\otel-forecast-${name}`;
      return;
    }
    this.#folder = join(tmpdir(), `otel-forecast-${process.getuid?.()}`);
    this.path = join(this.#folder, `${name}.sock`);
  }

  /** Whether the socket is in its place. Nobody can remove a named pipe. */
  get isThere(): boolean {
    return this.#folder === undefined || existsSync(this.path);
  }

  /**
   * Removes an old socket and creates the folder.
   *
   * @throws Error if other users can enter the folder.
   */
  clear(): void {
    if (this.#folder === undefined) return;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const folder = lstatSync(this.#folder);
    if (!folder.isDirectory() || folder.uid !== process.getuid?.() || (folder.mode & 0o077) !== 0)
      throw new Error(`${this.#folder} must be a folder that only this user can enter`);
    rmSync(this.path, { force: true });
  }
}

/** Processes of two containers may share a folder and have the same process ids. */
function namespace(name: string): string {
  try {
    return readlinkSync(`/proc/self/ns/${name}`);
  } catch {
    return "";
  }
}
