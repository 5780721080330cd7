import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** The limits of pages in memory, and the clock. */
export interface HeldPagesOptions {
  /** No page is made while those that are being sent are this large together. */
  readonly mostBytes: number;
  readonly elapsedMillis: () => number;
  readonly pause: (millis: number) => Promise<unknown>;
}

const DEFAULTS: HeldPagesOptions = {
  mostBytes: 64 * 1024 * 1024,
  elapsedMillis: () => performance.now(),
  pause: (millis) => delay(millis, undefined, { ref: false }),
};

/** So many pages find room, however large they are. */
const LEAST_PAGES = 2;
const CHECK_MILLIS = 100;
/** While there is no room, a client that has taken nothing for this time is cut off. */
const STILL_MILLIS = 1000;
/** While there is no room, a client whose answer takes this time is cut off. */
const SLOW_MILLIS = 10_000;

/** The pieces of a page. Only their lengths count. */
export type HeldPage = readonly { readonly length: number }[];

/** One client that is being sent a page. */
interface Sending {
  readonly beganAt: number;
  /** Bytes that the client, or the system for it, had taken when that was last looked at. */
  taken: number;
  takenAt: number;
}

/**
 * The pages that are being sent. Clients that read slowly, or not at all, hold them in memory: many of
 * them must not cost more than a few pages.
 */
export class HeldPages {
  readonly #options: HeldPagesOptions;
  readonly #pages = new Map<HeldPage, Map<ServerResponse, Sending>>();

  constructor(options: Partial<HeldPagesOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** A page is in memory until its response is closed. Clients may share it. */
  hold(page: HeldPage, response: ServerResponse): void {
    const now = this.#options.elapsedMillis();
    const clients = this.#pages.get(page) ?? new Map<ServerResponse, Sending>();
    this.#pages.set(page, clients.set(response, { beganAt: now, taken: takenBy(response), takenAt: now }));
    response.once("close", () => {
      clients.delete(response);
      if (clients.size === 0) this.#pages.delete(page);
    });
  }

  /** Waits until another page finds room. Clients that take nothing meanwhile are cut off. */
  async room(): Promise<void> {
    while (this.#isFull()) {
      this.#cutOff();
      await this.#options.pause(CHECK_MILLIS);
    }
  }

  #isFull(): boolean {
    if (this.#pages.size < LEAST_PAGES) return false;
    let bytes = 0;
    for (const page of this.#pages.keys()) bytes += lengthOf(page);
    return bytes >= this.#options.mostBytes;
  }

  #cutOff(): void {
    const now = this.#options.elapsedMillis();
    for (const clients of this.#pages.values())
      for (const [response, sending] of clients) {
        const taken = takenBy(response);
        if (taken > sending.taken) Object.assign(sending, { taken, takenAt: now });
        if (now - sending.takenAt >= STILL_MILLIS || now - sending.beganAt >= SLOW_MILLIS) response.destroy();
      }
  }
}

/** The size of a page, in bytes. */
export function lengthOf(page: HeldPage): number {
  return page.reduce((length, piece) => length + piece.length, 0);
}

function takenBy({ req: { socket } }: ServerResponse): number {
  return socket.bytesWritten - socket.writableLength;
}
