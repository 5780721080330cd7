import type { Readable, Transform } from "node:stream";
import { clearTimeout, setTimeout } from "node:timers";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Lease } from "./capacity.ts";
import { Refusal } from "./refusal.ts";

/** The bytes that are copied in one turn. */
const BYTES_OF_TURN = 2 ** 20;

/** The limits of the body of a request. */
export interface BodyLimits {
  /** Before and after it is decompressed. */
  readonly maxBodyBytes: number;
  /** A sender from which nothing comes for this time is cut off. */
  readonly stalledMillis: number;
  /** A sender that needs longer than this for the whole body is cut off. */
  readonly requestMillis: number;
}

/** How a body is read. */
export interface BodyOptions {
  readonly limits: BodyLimits;
  /** Decompresses the body; `undefined`: it is not compressed. */
  readonly decoder: Transform | undefined;
  /** Holds the decompressed bytes. */
  readonly lease: Lease;
}

/**
 * Reads a body to its end. It counts while the bytes come, so a body beyond a limit takes no more
 * memory than the limit. The source stays open.
 *
 * @throws Refusal if the body is beyond a limit, cannot be decompressed, or does not come.
 */
export function readBody(source: Readable, options: BodyOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => new BodyReader(source, options, resolve, reject).begin());
}

class BodyReader {
  readonly #source: Readable;
  readonly #options: BodyOptions;
  readonly #resolve: (body: Buffer | Promise<Buffer>) => void;
  readonly #reject: (refusal: Refusal) => void;
  readonly #parts: Buffer[] = [];
  #received = 0;
  #kept = 0;
  #stalled: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(
    source: Readable,
    options: BodyOptions,
    resolve: (body: Buffer | Promise<Buffer>) => void,
    reject: (refusal: Refusal) => void,
  ) {
    this.#source = source;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    const { decoder, limits } = this.#options;
    const { stalledMillis, requestMillis } = limits;
    this.#stalled = setTimeout(
      () => this.#fail("timed_out", `nothing came for ${stalledMillis / 1000} seconds`),
      stalledMillis,
    ).unref();
    this.#deadline = setTimeout(
      () => this.#fail("timed_out", `the body did not come within ${requestMillis / 1000} seconds`),
      requestMillis,
    ).unref();
    decoder?.on("data", this.#keep).on("end", this.#finish).on("error", this.#onNotDecoded);
    decoder?.on("drain", () => this.#source.resume());
    this.#source.on("data", this.#onData).on("end", this.#onEnd);
    this.#source.on("error", this.#onInterrupted).on("close", this.#onInterrupted);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#stalled?.refresh();
    this.#received += chunk.length;
    if (this.#received > this.#options.limits.maxBodyBytes) this.#failTooLarge();
    else if (this.#options.decoder === undefined) this.#keep(chunk);
    else if (!this.#options.decoder.write(chunk)) this.#source.pause();
  };

  readonly #onEnd = (): void => {
    clearTimeout(this.#stalled);
    this.#source.off("close", this.#onInterrupted);
    if (this.#options.decoder === undefined) this.#finish();
    else this.#options.decoder.end();
  };

  readonly #keep = (chunk: Buffer): void => {
    this.#kept += chunk.length;
    if (this.#kept > this.#options.limits.maxBodyBytes) this.#failTooLarge();
    else if (this.#options.lease.take(chunk.length)) this.#parts.push(chunk);
    else this.#fail("overloaded", "the gateway holds as many bytes of requests as it may; try again later");
  };

  readonly #finish = (): void => {
    this.#stop();
    this.#resolve(joined(this.#parts, this.#kept));
  };

  readonly #onNotDecoded = (error: Error): void =>
    this.#fail("malformed", `the body cannot be decompressed: ${error.message}`);

  readonly #onInterrupted = (): void => this.#fail("interrupted", "the sender has gone");

  #failTooLarge(): void {
    const { maxBodyBytes } = this.#options.limits;
    this.#fail("too_large", `the body has more than ${maxBodyBytes} bytes`);
  }

  #fail(...reason: ConstructorParameters<typeof Refusal>): void {
    this.#stop();
    this.#parts.length = 0;
    this.#reject(new Refusal(...reason));
  }

  #stop(): void {
    clearTimeout(this.#stalled);
    clearTimeout(this.#deadline);
    this.#source.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onInterrupted);
    this.#options.decoder?.off("data", this.#keep).off("end", this.#finish).destroy();
  }
}

/** The parts as one. To copy many bytes takes long, so it is done in turns. */
async function joined(parts: readonly Buffer[], length: number): Promise<Buffer> {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const whole = Buffer.allocUnsafeSlow(length);
  let at = 0;
  let turnEndsAt = BYTES_OF_TURN;
  for (const part of parts) {
    at += part.copy(whole, at);
    if (at < turnEndsAt) continue;
    await nextTurn();
    turnEndsAt = at + BYTES_OF_TURN;
  }
  return whole;
}
