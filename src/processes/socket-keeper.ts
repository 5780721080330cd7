import { clearInterval, setInterval } from "node:timers";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import type { ReportServer } from "./report-connection.ts";
import type { WorkerSocket } from "./worker-socket.ts";

/**
 * Keeps the socket of the workers open: somebody may have removed it, such as a cleaner of temporary files,
 * or it cannot be opened yet.
 */
export class SocketKeeper {
  readonly #server: ReportServer;
  readonly #socket: WorkerSocket;
  #timer: NodeJS.Timeout | undefined;
  #isLogged = false;

  constructor(server: ReportServer, socket: WorkerSocket) {
    this.#server = server;
    this.#socket = socket;
  }

  /** Opens the socket, and looks after it at an interval. Does not keep the process alive. */
  start(everyMillis: number): void {
    this.#timer = setInterval(() => void this.#open(), everyMillis);
    this.#timer.unref();
    void this.#open();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #open(): Promise<void> {
    if (this.#server.isListening && this.#socket.isThere) return;
    try {
      this.#socket.clear();
      await this.#server.listen(this.#socket.path);
    } catch (error) {
      if (!this.#isLogged) log.warn(`the other workers of this cluster can't be shown: ${messageOf(error)}`);
      this.#isLogged = true;
    }
  }
}
