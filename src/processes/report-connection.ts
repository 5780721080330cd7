import { connect, createServer, type Server, type Socket } from "node:net";
import { type Answering, answered, isQuestion, Questions } from "./questions.ts";
import type { Report } from "./report.ts";
import { end, onLines, parsed, Stalled, sendLine } from "./report-lines.ts";

/** A handover, the other message, may be long: it is not parsed in vain. */
const QUESTION_START = '{"question":';

/** Shows what members report: threads, child processes and workers. */
export interface ReportReceiver {
  /**
   * @param questions by which the member can be asked.
   * @returns `false` if `given` is no report, or if there are too many members.
   */
  take(id: string, given: unknown, questions?: Questions): boolean;
  remove(id: string): void;
}

/**
 * Receives reports at a socket that only processes of this machine can open. Does not keep the
 * process alive.
 */
export class ReportServer {
  readonly #receiver: ReportReceiver;
  readonly #kind: string;
  readonly #sockets = new Map<string, Socket>();
  #connections = 0;
  #isClosed = false;
  #server: Server | undefined;

  /** @param kind the first word of a member's id, before its number: `child`, `worker`. */
  constructor(receiver: ReportReceiver, kind: string) {
    this.#receiver = receiver;
    this.#kind = kind;
  }

  get isListening(): boolean {
    return this.#server?.listening === true;
  }

  /**
   * Resolves when members can connect, from now on at this path. Rejects if the socket can't be opened.
   */
  async listen(path: string): Promise<void> {
    this.stopListening();
    const server = createServer((socket) => this.#receive(socket));
    this.#server = server;
    server.unref();
    await new Promise<void>((resolve, reject) => {
      server.on("error", reject);
      // In a worker of a cluster, the primary would share a socket whose file is gone.
      server.listen({ path, exclusive: true }, resolve);
    });
  }

  /**
   * Sends a message to a member. Returns `false` if the one before is still being sent. The last one is
   * sent after it.
   */
  send(id: string, message: unknown, isLast = false): boolean {
    const socket = this.#sockets.get(id);
    if (socket === undefined || (socket.writableLength > 0 && !isLast)) return false;
    sendLine(socket, message);
    return true;
  }

  /** Accepts no new connections. Those that are open stay open. */
  stopListening(): void {
    this.#server?.close();
  }

  /**
   * Ends all connections. Their members go on without this process, so they are not removed. Resolves when
   * everything has been sent, or after a second.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.stopListening();
    await Promise.all(Array.from(this.#sockets.values(), end));
  }

  /** Each line is a report, as JSON. A member is removed when its connection closes. */
  #receive(socket: Socket): void {
    this.#connections += 1;
    const id = `${this.#kind} ${this.#connections}`;
    this.#sockets.set(id, socket);
    const questions = new Questions((question) => sendLine(socket, question));
    onLines(socket, (line) => {
      const message = parsed(line);
      if (!questions.take(message) && !this.#receiver.take(id, message, questions)) socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      questions.close();
      this.#sockets.delete(id);
      if (!this.#isClosed) this.#receiver.remove(id);
    });
  }
}

/** The connection to the process that shows what this process reports. */
export class ReportConnection {
  readonly #path: string;
  readonly #onLost: (isStalled: boolean) => void;
  readonly #onMessage: (line: string) => void;
  readonly #answering: Answering;
  #socket: Socket | undefined;

  /**
   * @param onLost called when the other process has ended, or has closed the connection, or has taken
   * nothing for a while: then it is stalled.
   * @param answering answers the questions of the other process.
   * @param onMessage receives each other message of it, as JSON.
   */
  constructor(
    path: string,
    onLost: (isStalled: boolean) => void,
    answering: Answering = async () => undefined,
    onMessage: (line: string) => void = () => {},
  ) {
    this.#path = path;
    this.#onLost = onLost;
    this.#answering = answering;
    this.#onMessage = onMessage;
  }

  /**
   * Resolves to whether the other process accepts the connection. Does not keep the process alive.
   */
  connect(): Promise<boolean> {
    return new Promise((done) => {
      const socket = connect(this.#path);
      onLines(socket, (line) => void this.#take(socket, line));
      socket.on("error", () => done(false));
      socket.on("close", () => {
        const wasConnected = this.#socket === socket;
        this.#socket = undefined;
        if (wasConnected) this.#onLost(socket.errored instanceof Stalled);
      });
      socket.once("connect", () => {
        this.#socket = socket;
        done(true);
      });
    });
  }

  /** Whether the last report has been sent completely. */
  get isFree(): boolean {
    return this.#socket !== undefined && this.#socket.writableLength === 0;
  }

  /** Sends a report. Returns `false` if there is no connection. */
  send(report: Report): boolean {
    if (this.#socket === undefined) return false;
    sendLine(this.#socket, report);
    return true;
  }

  async #take(socket: Socket, line: string): Promise<void> {
    const message = line.startsWith(QUESTION_START) ? parsed(line) : undefined;
    if (!isQuestion(message)) return this.#onMessage(line);
    const answer = await answered(message, this.#answering);
    if (socket.writable) sendLine(socket, answer);
  }

  /** Resolves when everything has been sent, or after a second. */
  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) await end(socket);
  }
}
