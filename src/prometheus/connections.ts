import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { clearInterval, setInterval } from "node:timers";

/** The limits of the connections of a server. */
export interface ConnectionLimits {
  readonly connections: number;
  /** A client whose handshake has not finished after this time is cut off. */
  readonly handshakeMillis: number;
  /** A client that has taken nothing of its answer for this time is cut off. */
  readonly stalledMillis: number;
  readonly checkMillis: number;
  /**
   * The maximum of clients that take nothing from one check to the next. Each may hold a page of
   * 10 MB and more.
   */
  readonly stalled: number;
}

/** As many connections as Prometheus accepts. */
const LIMITS: ConnectionLimits = {
  connections: 512,
  handshakeMillis: 10_000,
  stalledMillis: 10_000,
  checkMillis: 1000,
  stalled: 16,
};

interface Connection {
  readonly isHandshake: boolean;
  /** The number of checks since it began. */
  age: number;
  /** The number of requests that are being answered. */
  answering: number;
  /** Bytes that the client, or the system for it, has taken. */
  taken: number;
  /** The number of checks in a row at which it had taken nothing. */
  stillFor: number;
}

/**
 * The connections of a server, from their handshakes on. Their number is limited: a new one replaces
 * one that waits for nothing, else one whose client takes nothing. A client that never finishes its
 * handshake, or never reads, is cut off.
 */
export class Connections {
  /** In the order of their beginning. */
  readonly #open = new Map<Socket, Connection>();
  #timer: NodeJS.Timeout | undefined;
  #isClosing = false;
  readonly #limits: ConnectionLimits;

  /** @param limits replace the default ones. */
  constructor(limits: Partial<ConnectionLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Follows a new connection. It keeps no process alive. */
  add(socket: Socket): void {
    this.#follow(socket, false);
  }

  /** Follows a connection while it is not encrypted yet. */
  addHandshake(socket: Socket): void {
    this.#follow(socket, true);
  }

  /** The handshake has finished. From now on `add` follows the connection, or its encrypted form. */
  endHandshake(socket: Socket): void {
    this.#remove(socket);
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

  #follow(socket: Socket, isHandshake: boolean): void {
    socket.unref();
    if (this.#open.size >= this.#limits.connections && !this.#makeRoom()) {
      socket.destroy();
      return;
    }
    this.#open.set(socket, { isHandshake, age: 0, answering: 0, taken: 0, stillFor: 0 });
    socket.once("close", () => this.#remove(socket));
    this.#timer ??= setInterval(() => this.#check(), this.#limits.checkMillis).unref();
  }

  /**
   * Cuts off the clients that take nothing, and those that do not finish their handshake. It counts
   * checks, not time: while the process is suspended, no client can do anything.
   */
  #check(): void {
    const { stalled, stalledMillis, handshakeMillis, checkMillis } = this.#limits;
    for (const [socket, connection] of this.#open) {
      connection.age += 1;
      if (connection.isHandshake && connection.age * checkMillis >= handshakeMillis) socket.destroy();
      const taken = socket.bytesWritten - socket.writableLength;
      const isStill = socket.writableLength > 0 && taken === connection.taken;
      connection.stillFor = isStill ? connection.stillFor + 1 : 0;
      connection.taken = taken;
    }
    const still = this.#still();
    const excess = still.length - stalled;
    for (const [index, [socket, { stillFor }]] of still.entries())
      if (index < excess || stillFor * checkMillis >= stalledMillis) socket.destroy();
  }

  /** The connections whose clients took nothing before the last check, the longest still first. */
  #still(): [Socket, Connection][] {
    const still = [...this.#open].filter(([, { stillFor }]) => stillFor > 0);
    return still.sort(([, one], [, other]) => other.stillFor - one.stillFor);
  }

  /** Ends one connection for a new one. Returns whether there was one to end. */
  #makeRoom(): boolean {
    const victim = this.#idle() ?? this.#still()[0]?.[0];
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

  #remove(socket: Socket): void {
    this.#open.delete(socket);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
