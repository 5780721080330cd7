import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { clearInterval, setInterval } from "node:timers";

/** The limits of the connections of a server. */
export interface ConnectionLimits {
  readonly connections: number;
  /** A client that has taken nothing of its answer for this time is cut off. */
  readonly stalledMillis: number;
  readonly checkMillis: number;
  /** The maximum of clients that take nothing from one check to the next: each may hold a page. */
  readonly stalled: number;
}

/** As many connections as Prometheus accepts. */
const LIMITS: ConnectionLimits = {
  connections: 512,
  stalledMillis: 10_000,
  checkMillis: 1000,
  stalled: 64,
};

interface Connection {
  /** The number of requests that are being answered. */
  answering: number;
  /** Bytes that the client, or the system for it, has taken. */
  taken: number;
  /** When it last took something, or had nothing to take. */
  movedAt: number;
}

/**
 * The connections of a server. Their number is limited: a new one replaces one that waits for
 * nothing, else one whose client takes nothing. A client that never reads is cut off.
 */
export class Connections {
  /** In the order of their beginning. */
  readonly #open = new Map<Socket, Connection>();
  #timer: NodeJS.Timeout | undefined;
  #isClosing = false;
  readonly #limits: ConnectionLimits;

  constructor(limits = LIMITS) {
    this.#limits = limits;
  }

  /** Follows a new connection. It keeps no process alive. */
  add(socket: Socket): void {
    socket.unref();
    if (this.#open.size >= this.#limits.connections && !this.#makeRoom()) {
      socket.destroy();
      return;
    }
    this.#open.set(socket, { answering: 0, taken: 0, movedAt: performance.now() });
    socket.once("close", () => this.#remove(socket));
    this.#timer ??= setInterval(() => this.#check(), this.#limits.checkMillis).unref();
  }

  /** A request of a connection is answered until the response is closed. */
  answers(socket: Socket, response: ServerResponse): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    connection.answering += 1;
    response.once("close", () => {
      connection.answering -= 1;
      if (this.#isClosing && connection.answering === 0) socket.destroySoon();
    });
  }

  /** Closes every connection that is not being answered, and the others after their answers. */
  close(): void {
    this.#isClosing = true;
    for (const [socket, { answering }] of this.#open) if (answering === 0) socket.destroy();
  }

  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }

  /** Cuts off the clients that take nothing. */
  #check(): void {
    const now = performance.now();
    const stalled = this.#stalled(now);
    const excess = stalled.length - this.#limits.stalled;
    for (const [index, [socket, { movedAt }]] of stalled.entries())
      if (index < excess || now - movedAt >= this.#limits.stalledMillis) socket.destroy();
  }

  /** The connections that took nothing since the last check, the longest stalled first. */
  #stalled(now: number): [Socket, Connection][] {
    const stalled: [Socket, Connection][] = [];
    for (const [socket, connection] of this.#open) {
      const taken = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0 || taken !== connection.taken) connection.movedAt = now;
      else stalled.push([socket, connection]);
      connection.taken = taken;
    }
    return stalled.sort(([, one], [, other]) => one.movedAt - other.movedAt);
  }

  /** Ends one connection for a new one. Returns whether there was one to end. */
  #makeRoom(): boolean {
    const victim = this.#idle() ?? this.#longestStalled();
    if (victim === undefined) return false;
    victim.destroy();
    this.#remove(victim);
    return true;
  }

  /** The oldest connection that is not being answered. */
  #idle(): Socket | undefined {
    for (const [socket, { answering }] of this.#open) if (answering === 0) return socket;
    return undefined;
  }

  /** The connection that has taken nothing for the longest time, at least that between two checks. */
  #longestStalled(): Socket | undefined {
    const now = performance.now();
    const [longest] = this.#stalled(now);
    if (longest === undefined) return undefined;
    const [socket, { movedAt }] = longest;
    return now - movedAt >= this.#limits.checkMillis ? socket : undefined;
  }

  #remove(socket: Socket): void {
    this.#open.delete(socket);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
