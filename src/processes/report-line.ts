import { connect, createServer, type Server, type Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import type { ChildReport } from "./child-report.ts";

/** A line that is longer is no report. */
const MAX_LINE = 32 * 1024 * 1024;
/** How long the last report may take to get through. */
const LAST_PATIENCE_MILLIS = 1000;

/** Whoever shows what members report. */
export interface ReportTaker {
  /** @returns `false` when that is no report, or there is no room for one more member. */
  take(id: string, given: unknown): boolean;
  remove(id: string): void;
}

/** Takes reports in at a socket that only processes of this machine can reach. Keeps nothing alive. */
export class ReportSocket {
  readonly #taker: ReportTaker;
  readonly #name: string;
  readonly #lines = new Map<string, Socket>();
  #members = 0;
  #server: Server | undefined;

  /** @param name what each of those is called that report here, before its number. */
  constructor(taker: ReportTaker, name: string) {
    this.#taker = taker;
    this.#name = name;
  }

  /** Settles when reports can come in. Rejects where they cannot. */
  listen(path: string): Promise<void> {
    const server = createServer((socket) => this.#takeReports(socket));
    this.#server = server;
    server.unref();
    return new Promise((resolve, reject) => {
      server.on("error", reject);
      server.listen(path, resolve);
    });
  }

  /** Says something to one of those that report here. */
  tell(id: string, message: unknown): void {
    const socket = this.#lines.get(id);
    if (socket !== undefined && socket.writableLength === 0) socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Lets nobody in any more; those who are in stay. */
  shutDoor(): void {
    this.#server?.close();
  }

  /** Hangs up on everyone. */
  close(): void {
    this.shutDoor();
    for (const socket of this.#lines.values()) socket.end();
  }

  /** Each line is a report, as JSON. A member is there for as long as its end of the socket is. */
  #takeReports(socket: Socket): void {
    this.#members += 1;
    const id = `${this.#name} ${this.#members}`;
    this.#lines.set(id, socket);
    socket.unref();
    onLines(socket, (line) => {
      if (!this.#taker.take(id, parsed(line))) socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#lines.delete(id);
      this.#taker.remove(id);
    });
  }
}

/** The way to the process that shows what this one reports. */
export class ReportLine {
  readonly #path: string;
  readonly #onLost: () => void;
  readonly #onTold: (line: string) => void;
  #socket: Socket | undefined;

  /**
   * @param onLost told when the other process is there no more.
   * @param onTold given what the other process says, as JSON.
   */
  constructor(path: string, onLost: () => void, onTold: (line: string) => void = () => {}) {
    this.#path = path;
    this.#onLost = onLost;
    this.#onTold = onTold;
  }

  /** Whether the other process is there and takes reports in. Keeps nothing alive. */
  connect(): Promise<boolean> {
    return new Promise((done) => {
      const socket = connect(this.#path);
      socket.unref();
      onLines(socket, this.#onTold);
      socket.on("error", () => done(false));
      socket.on("close", () => {
        const wasConnected = this.#socket === socket;
        this.#socket = undefined;
        if (wasConnected) this.#onLost();
      });
      socket.once("connect", () => {
        this.#socket = socket;
        done(true);
      });
    });
  }

  /** Whether the report before has gone through. */
  get isFree(): boolean {
    return this.#socket !== undefined && this.#socket.writableLength === 0;
  }

  /** Drops a report while the one before it is under way. */
  send(report: ChildReport): void {
    if (this.isFree) this.#socket?.write(`${JSON.stringify(report)}\n`);
  }

  /** Settles when what was sent has gone through, or takes too long. */
  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    await new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, LAST_PATIENCE_MILLIS);
      patience.unref();
      socket.once("close", resolve);
      socket.end(() => {
        clearTimeout(patience);
        resolve();
      });
    });
  }
}

/** Hands on each whole line, and hangs up on one that has no end. */
function onLines(socket: Socket, take: (line: string) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() as string;
    for (const line of lines) if (!socket.destroyed) take(line);
    if (rest.length > MAX_LINE) socket.destroy();
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
