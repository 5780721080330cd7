import { setImmediate as nextTurn } from "node:timers/promises";
import { type Steps, type YieldingClock, YieldingRunner } from "../../core/yielding-runner.ts";

/** The most bytes of requests that all receivers hold at the same time. */
const MAX_BYTES_IN_FLIGHT = 256 * 2 ** 20;

/** The same, if bodies may be so large: one that is allowed must fit in, compressed and decompressed. */
export function bytesInFlightFor(maxBodyBytes: number): number {
  return Math.max(MAX_BYTES_IN_FLIGHT, 2 * maxBodyBytes);
}

const CLOCK: YieldingClock = { elapsedMillis: () => performance.now(), pause: () => nextTurn() };

/**
 * What all receivers of a gateway share: memory for the bodies of requests, and the turn to decode
 * one. More than one at a time would not be faster, and needs more memory.
 */
export class Capacity {
  readonly #maxBytes: number;
  readonly #clock: YieldingClock;
  #bytes = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(maxBytes = MAX_BYTES_IN_FLIGHT, clock = CLOCK) {
    this.#maxBytes = maxBytes;
    this.#clock = clock;
  }

  /** The bytes that are held now. */
  get bytesInFlight(): number {
    return this.#bytes;
  }

  /** Room for the bytes of one request. Release it when the request is answered. */
  lease(): Lease {
    return new Lease((bytes) => this.#take(bytes));
  }

  /** Does long work in short slices, after the work before it. */
  inTurn<Result>(work: () => Steps<Result>): Promise<Result> {
    const result = this.#last.then(() => new YieldingRunner(this.#clock).run(work()));
    this.#last = result.catch(() => {});
    return result;
  }

  #take(bytes: number): boolean {
    if (bytes > 0 && this.#bytes + bytes > this.#maxBytes) return false;
    this.#bytes += bytes;
    return true;
  }
}

/** The bytes that one request holds. */
export class Lease {
  readonly #take: (bytes: number) => boolean;
  #bytes = 0;

  constructor(take: (bytes: number) => boolean) {
    this.#take = take;
  }

  /** `false`: there is no room for so many more bytes. */
  take(bytes: number): boolean {
    if (!this.#take(bytes)) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Gives everything back. */
  release(): void {
    this.#take(-this.#bytes);
    this.#bytes = 0;
  }
}
