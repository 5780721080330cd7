import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** The maximum of requests that wait for a page to be made, and of those that wait for their turn. */
const MOST_WAITING = 64;
/** The longest rest after a page. A page may take longer because a callback hangs. */
const LONGEST_REST_MILLIS = 1000;

/** Why a request gets no page: too many wait, or its client has gone. */
export type NoTurn = "too many" | "gone";

/** The limit of requests that wait, and the clock. */
export interface TurnsOptions {
  readonly most: number;
  /**
   * Whether a page is made only when the one before is ready. Default: those that wait share a page, so that
   * a callback that hangs keeps nobody from a page without it.
   */
  readonly isOneByOne: boolean;
  readonly elapsedMillis: () => number;
  readonly pause: (millis: number) => Promise<unknown>;
  /** Waits until there is room for another page. Default: there always is. */
  readonly room: () => Promise<void>;
}

interface Waiting {
  readonly response: ServerResponse;
  readonly answer: (turn: "now" | NoTurn) => void;
}

/** The requests of one connection for pages. */
interface Line {
  /** Whether a request has its turn, until it is answered. */
  isBusy: boolean;
  /** Whether that one waits for its page to be made. */
  isMaking: boolean;
  readonly behind: Waiting[];
}

const DEFAULTS: TurnsOptions = {
  most: MOST_WAITING,
  isOneByOne: false,
  elapsedMillis: () => performance.now(),
  pause: (millis) => delay(millis, undefined, { ref: false }),
  room: async () => {},
};

/**
 * Whose turn it is to have a page made. A connection has one page at a time: requests that its
 * client sends before the answer (pipelining) wait behind each other. They are limited apart from
 * those that wait for a page: a few clients that pipeline must not keep the others away.
 *
 * After a page there is a rest as long as it took to make. Otherwise clients that only ask would keep
 * the process busy with pages: Node accepts one connection between two pieces of work, so that new
 * clients would wait for very long.
 */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #lines = new WeakMap<Socket, Line>();
  #making = 0;
  #behind = 0;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: Partial<TurnsOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Makes a page when it is the turn of its request. Rejects as `make` does. */
  async take<Page>(response: ServerResponse, make: () => Promise<Page>): Promise<Page | NoTurn> {
    const socket = response.req.socket;
    const line = this.#lineOf(socket);
    const turn = await this.#turn(line, response);
    if (turn !== "now") return turn;
    const made = this.#options.isOneByOne
      ? this.#last.then(() => this.#rested(line, make))
      : this.#rested(line, make);
    // Not the page itself, which would be kept.
    const over = (): void => {};
    this.#last = made.then(over, over);
    return made.finally(() => this.#made(line));
  }

  async #rested<Page>(line: Line, make: () => Promise<Page>): Promise<Page | NoTurn> {
    if (!line.isMaking) return "gone";
    await this.#rest();
    await this.#options.room();
    return line.isMaking ? this.#timed(make) : "gone";
  }

  #turn(line: Line, response: ServerResponse): Promise<"now" | NoTurn> {
    return new Promise((answer) => {
      if (!line.isBusy) this.#begin(line, { response, answer });
      else if (this.#behind >= this.#options.most) answer("too many");
      else {
        this.#behind += 1;
        line.behind.push({ response, answer });
      }
    });
  }

  #begin(line: Line, { response, answer }: Waiting): void {
    line.isBusy = true;
    response.once("close", () => this.#next(line));
    line.isMaking = this.#making < this.#options.most;
    if (line.isMaking) this.#making += 1;
    answer(line.isMaking ? "now" : "too many");
  }

  async #rest(): Promise<void> {
    const { elapsedMillis, pause } = this.#options;
    for (;;) {
      const millis = this.#restsUntil - elapsedMillis();
      if (millis <= 0) return;
      await pause(millis);
    }
  }

  async #timed<Page>(make: () => Promise<Page>): Promise<Page> {
    const { elapsedMillis } = this.#options;
    const begunAt = elapsedMillis();
    try {
      return await make();
    } finally {
      const endedAt = elapsedMillis();
      const rest = Math.min(endedAt - begunAt, LONGEST_REST_MILLIS);
      this.#restsUntil = Math.max(this.#restsUntil, endedAt + rest);
    }
  }

  #made(line: Line): void {
    if (!line.isMaking) return;
    line.isMaking = false;
    this.#making -= 1;
  }

  /** A request was answered: the next one of its connection has its turn. */
  #next(line: Line): void {
    this.#made(line);
    line.isBusy = false;
    const next = line.behind.shift();
    if (next === undefined) return;
    this.#behind -= 1;
    this.#begin(line, next);
  }

  #lineOf(socket: Socket): Line {
    const known = this.#lines.get(socket);
    if (known !== undefined) return known;
    const line: Line = { isBusy: false, isMaking: false, behind: [] };
    this.#lines.set(socket, line);
    socket.once("close", () => this.#leave(line));
    return line;
  }

  /** Node closes no response that waits behind another one when their connection closes. */
  #leave(line: Line): void {
    this.#made(line);
    for (const { answer } of line.behind.splice(0)) {
      this.#behind -= 1;
      answer("gone");
    }
  }
}
