import { createHash } from "node:crypto";
import { chmod, lstat, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { codeOf, removeNow } from "./safe-files.ts";

/** How long another process may take to answer. The system answers for it, so this is plenty. */
const ANSWER_MILLIS = 500;
/** The paths of sockets have 104 bytes on macOS, with a zero at the end. */
const MOST_BYTES = 100;
/** Two processes that take over a lock at once: the later one wins. It is known after this time. */
const SETTLED_MILLIS = 20;

/** Whether this process has the lock, another one has it, or locks do not work here. */
export type LockState = "ours" | "theirs" | "impossible";

/**
 * A lock on a file: a socket beside it, on which the process that has the lock listens. The system
 * closes the socket with the process, however that ends. So a lock is never stale, also where a
 * process id tells nothing: in containers, and after it was given to another process.
 */
export class FileLock {
  readonly #path: string;
  #server: Server | undefined;
  #inode: bigint | undefined;

  constructor(path: string) {
    this.#path = socketPath(path);
  }

  get isOurs(): boolean {
    return this.#server !== undefined;
  }

  /** Takes the lock, or makes sure that it is still there: somebody may have deleted it. */
  async take(): Promise<LockState> {
    if (this.#server !== undefined && (await this.#isInPlace())) return "ours";
    await this.#stopListening();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const server = await listen(this.#path);
      if (server === "impossible") return "impossible";
      if (server !== "in use") return this.#settle(server);
      if (await answers(this.#path)) return "theirs";
      if (!(await isRemoved(this.#path))) return "impossible";
    }
    return "theirs";
  }

  async release(): Promise<void> {
    await this.#stopListening();
  }

  /** For a process that ends. */
  releaseNow(): void {
    if (this.#server !== undefined && !isPipe(this.#path)) removeNow(this.#path);
    this.#server = undefined;
  }

  async #settle(server: Server): Promise<LockState> {
    this.#server = server;
    if (isPipe(this.#path)) return "ours";
    this.#inode = await inodeOf(this.#path);
    await chmod(this.#path, 0o600).catch(() => {});
    await delay(SETTLED_MILLIS, undefined, { ref: false });
    if (await this.#isInPlace()) return "ours";
    this.#forget();
    return "theirs";
  }

  async #isInPlace(): Promise<boolean> {
    return isPipe(this.#path) || (await inodeOf(this.#path)) === this.#inode;
  }

  async #stopListening(): Promise<void> {
    if (this.#server === undefined) return;
    if (!(await this.#isInPlace())) return this.#forget();
    const server = this.#server;
    this.#server = undefined;
    await new Promise<void>((done) => server.close(() => done()));
  }

  /** The socket of this name is another process's: closing ours would delete it. */
  #forget(): void {
    this.#server = undefined;
  }
}

/** Windows has named pipes instead. The path of a socket must not be long. */
function socketPath(path: string): string {
  const beside = `${path}.lock`;
  const isWindows = process.platform === "win32";
  if (!isWindows && Buffer.byteLength(beside) <= MOST_BYTES) return beside;
  const name = createHash("sha256").update(path).digest("hex").slice(0, 32);
  return isWindows
    ? `\\\\.\\pipe\\otel-forecast-history-${name}`
    : join(tmpdir(), `otel-forecast-${name}.lock`);
}

async function isRemoved(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    return codeOf(error) === "ENOENT";
  }
}

function isPipe(path: string): boolean {
  return path.startsWith("\\\\.\\pipe\\");
}

function listen(path: string): Promise<Server | "in use" | "impossible"> {
  return new Promise((done) => {
    const server = createServer((socket) => socket.destroy());
    server.on("error", (error) => done(codeOf(error) === "EADDRINUSE" ? "in use" : "impossible"));
    // A worker of a cluster has its sockets from its primary otherwise.
    server.listen({ path, exclusive: true }, () => done(server));
    server.unref();
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    // Refused: the process that listened has ended. Not permitted: somebody else's process listens.
    socket.once("error", (error) => done(["EACCES", "EPERM", "EAGAIN"].includes(codeOf(error) ?? "")));
    socket.setTimeout(ANSWER_MILLIS, () => {
      socket.destroy();
      done(true);
    });
  });
}

async function inodeOf(path: string): Promise<bigint | undefined> {
  try {
    return (await lstat(path, { bigint: true })).ino;
  } catch {
    return undefined;
  }
}
