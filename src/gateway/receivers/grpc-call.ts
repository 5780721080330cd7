import { Readable } from "node:stream";
import { clearTimeout, setTimeout } from "node:timers";
import type { Metadata, ServerInterceptingCallInterface, ServerListener } from "@grpc/grpc-js";
import { readBody } from "./body.ts";
import type { Lease } from "./capacity.ts";
import { decoderOf, SUPPORTED_ENCODINGS } from "./content-encoding.ts";
import { MessageLength } from "./grpc-message-length.ts";
import type { ReceiverLimits } from "./receiver-options.ts";
import { Refusal } from "./refusal.ts";

/** What the library says at the end of a call. */
export interface GrpcStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** How a call is watched. */
export interface WatchOptions {
  readonly limits: ReceiverLimits;
  /** Holds the bytes of the call until it ends. */
  readonly lease: Lease;
  /** Lets the call through. Rejects if it must not get through. */
  readonly admit: (metadata: Metadata) => Promise<void>;
  /** The status for what was thrown, which is counted. */
  readonly refuse: (thrown: unknown) => GrpcStatus;
}

/**
 * The private parts of a call of `@grpc/grpc-js`. The library does not limit the bytes that all calls
 * hold while their messages come, nor those that are decompressed at the same time. The version that
 * is built into this package has these parts; tests fail if a later one lacks them.
 */
interface PrivateParts {
  readonly stream?: Readable;
  decompressMessage?: (message: Buffer, encoding: string) => Promise<Buffer>;
}

/** Watches a call from its beginning to its end. No byte of its message is read before it is admitted. */
export class WatchedCall {
  readonly #call: ServerInterceptingCallInterface;
  readonly #options: WatchOptions;
  readonly #length = new MessageLength();
  #stalled: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  /** Whether nothing more is expected from the sender. */
  #isReceived = false;
  #isWorkedOn = false;
  /** Whether nobody waits for an answer any more. */
  #isOver = false;

  constructor(call: ServerInterceptingCallInterface, options: WatchOptions) {
    this.#call = call;
    this.#options = options;
  }

  /** What the library calls while the call goes on. */
  listener(): ServerListener {
    return {
      onReceiveMetadata: (metadata, next) => {
        this.#begin();
        this.#options.admit(metadata).then(() => next(metadata), this.#refuse);
      },
      onReceiveHalfClose: (next) => {
        this.#endReceiving();
        next();
      },
      // At the end of every call.
      onCancel: () => {
        this.#endReceiving();
        this.#isOver = true;
        if (!this.#isWorkedOn) this.#options.lease.release();
      },
    };
  }

  /** Works on the message. Its bytes are held until then, also if the sender goes away. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isWorkedOn = true;
    try {
      return await work();
    } finally {
      this.#options.lease.release();
    }
  }

  #begin(): void {
    const { stalledMillis, requestMillis } = this.#options.limits;
    this.#stalled = this.#refuseAfter(stalledMillis, `nothing came for ${stalledMillis / 1000} seconds`);
    const late = `the message did not come within ${requestMillis / 1000} seconds`;
    this.#deadline = this.#refuseAfter(requestMillis, late);
    const parts = this.#call as unknown as PrivateParts;
    // Before the library keeps the bytes.
    parts.stream?.prependListener("data", this.#onData);
    if (parts.decompressMessage !== undefined) parts.decompressMessage = this.#decompress;
  }

  #refuseAfter(millis: number, why: string): NodeJS.Timeout {
    return setTimeout(() => this.#refuse(new Refusal("timed_out", why)), millis).unref();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#isReceived) return;
    const { limits, lease } = this.#options;
    this.#stalled?.refresh();
    if (this.#length.after(chunk) > limits.maxBodyBytes)
      this.#refuse(new Refusal("too_large", `the message has more than ${limits.maxBodyBytes} bytes`));
    else if (!lease.take(chunk.length))
      this.#refuse(new Refusal("overloaded", "the gateway holds as many bytes as it may; try again later"));
  };

  /** Replaces the method of the library. This one counts while it decompresses, and knows zstd. */
  readonly #decompress = async (message: Buffer, encoding: string): Promise<Buffer> => {
    const contents = message.subarray(MessageLength.BYTES);
    if (encoding === "identity") return contents;
    const { limits, lease, refuse } = this.#options;
    try {
      const decoder = decoderOf(encoding)?.create();
      if (decoder === undefined) throw unsupported(encoding);
      return await readBody(Readable.from([contents]), { limits, decoder, lease });
    } catch (thrown) {
      // The library ends the call with it.
      throw refuse(thrown);
    } finally {
      // The library throws the message of a call away that was cancelled meanwhile.
      if (this.#isOver) lease.release();
    }
  };

  readonly #refuse = (thrown: unknown): void => {
    if (this.#isReceived) return;
    this.#endReceiving();
    this.#call.sendStatus(this.#options.refuse(thrown));
  };

  #endReceiving(): void {
    this.#isReceived = true;
    clearTimeout(this.#stalled);
    clearTimeout(this.#deadline);
  }
}

function unsupported(encoding: string): Refusal {
  const expected = `expected one of ${SUPPORTED_ENCODINGS}`;
  return new Refusal("unsupported_encoding", `the message is compressed with ${encoding}, ${expected}`);
}
