import type { IncomingMessage } from "node:http";
import { clearTimeout, setTimeout } from "node:timers";
import { Limiter } from "../../core/limiter.ts";
import { MalformedMessage } from "../../wire/remote/message-reader.ts";
import { MAX_UNCOMPRESSED_BYTES, TooManyBytes, uncompressed } from "../../wire/remote/snappy.ts";
import { GoneClient, RefusedRequest } from "./refused-request.ts";

/** The sizes that bodies may have, in bytes, and the time that they may take. */
export interface BodyLimits {
  /** Of one body as it is sent, and uncompressed. Default 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Of all bodies that are being received. Default 128 MiB, or two bodies if these may be larger. */
  readonly maxBytesInFlight?: number | undefined;
  /** A body of which nothing comes for this time is given up. Default 10,000. */
  readonly stalledMillis?: number;
  /** A body that needs longer than this is given up. Default 60,000. */
  readonly requestMillis?: number;
}

const STALLED_MILLIS = 10_000;
const REQUEST_MILLIS = 60_000;

const MAX_BYTES_IN_FLIGHT = 2 * MAX_UNCOMPRESSED_BYTES;
/** When a client may try again that came when there were too many others. */
const RETRY_AFTER_SECONDS = 5;
const CONTENT_TYPE = "application/x-protobuf";

/**
 * Reads the bodies of Prometheus's remote protocols: messages of Protocol Buffers, compressed by snappy.
 */
export class SnappyBodies {
  readonly #message: string;
  readonly #maxBodyBytes: number;
  readonly #maxBytesInFlight: number;
  readonly #stalledMillis: number;
  readonly #requestMillis: number;
  readonly #oneByOne = new Limiter(1);
  #bytesInFlight = 0;

  /** @param message the full name of the message that bodies hold. */
  constructor(message: string, limits: BodyLimits = {}) {
    this.#message = message;
    this.#maxBodyBytes = limits.maxBodyBytes ?? MAX_UNCOMPRESSED_BYTES;
    this.#stalledMillis = limits.stalledMillis ?? STALLED_MILLIS;
    this.#requestMillis = limits.requestMillis ?? REQUEST_MILLIS;
    this.#maxBytesInFlight = limits.maxBytesInFlight ?? Math.max(MAX_BYTES_IN_FLIGHT, 2 * this.#maxBodyBytes);
  }

  /**
   * Reads the body of a `POST`, and what `read` makes of it: of one after the other, because each may need
   * much memory.
   *
   * @throws RefusedRequest if it is another request, too large, or not what its headers say.
   * @throws GoneClient if the client ends its connection before.
   */
  async read<Content>(
    request: IncomingMessage,
    read: (bytes: Uint8Array) => Content | Promise<Content>,
  ): Promise<Content> {
    this.#check(request);
    const held = { bytes: 0 };
    try {
      const body = await this.#receive(request, held);
      return await this.#oneByOne.run(async () => read(uncompressed(body, this.#maxBodyBytes)));
    } catch (error) {
      if (error instanceof MalformedMessage)
        throw new RefusedRequest({ status: 400, reason: "malformed" }, error.message, { cause: error });
      if (error instanceof TooManyBytes) throw tooLarge(error.message);
      throw error;
    } finally {
      this.#bytesInFlight -= held.bytes;
    }
  }

  #check({ method, headers }: IncomingMessage): void {
    if (method !== "POST")
      throw new RefusedRequest(
        { status: 405, reason: "wrong_method", headers: { allow: "POST" } },
        `the method is ${method}, expected POST`,
      );
    const encoding = headers["content-encoding"] ?? "snappy";
    if (encoding.toLowerCase() !== "snappy")
      throw new RefusedRequest(
        { status: 415, reason: "unsupported_encoding" },
        `the content encoding is ${encoding}, expected snappy`,
      );
    const type = headers["content-type"] ?? CONTENT_TYPE;
    if (!this.#isExpected(type))
      throw new RefusedRequest(
        { status: 415, reason: "unsupported_type" },
        `the content type is ${type}, expected ${CONTENT_TYPE};proto=${this.#message}`,
      );
    const length = Number(headers["content-length"] ?? 0);
    if (length > this.#maxBodyBytes)
      throw tooLarge(`the body has ${length} bytes, expected at most ${this.#maxBodyBytes}`);
  }

  /** Whether a content type is that of the message. One that names no message is. */
  #isExpected(contentType: string): boolean {
    const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim());
    if (type.toLowerCase() !== CONTENT_TYPE) return false;
    const named = parameters.find((parameter) => parameter.toLowerCase().startsWith("proto="));
    return named === undefined || named.slice("proto=".length).replaceAll('"', "") === this.#message;
  }

  /** Not by an async iterator: leaving one would end the connection, and the client got no answer. */
  #receive(request: IncomingMessage, held: { bytes: number }): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const end = (): void => {
        clearTimeout(stalled);
        clearTimeout(deadline);
        request.off("data", take);
      };
      const refuse = (refused: Error): void => {
        end();
        request.pause();
        reject(refused);
      };
      // Not by 408, after which Prometheus drops what it has sent.
      const refuseAfter = (millis: number, what: string): NodeJS.Timeout =>
        setTimeout(
          () => refuse(toComeAgain("timed_out", `${what} ${millis / 1000} seconds`)),
          millis,
        ).unref();
      const stalled = refuseAfter(this.#stalledMillis, "nothing of the body came for");
      const deadline = refuseAfter(this.#requestMillis, "the body did not come within");
      const take = (chunk: Buffer): void => {
        stalled.refresh();
        held.bytes += chunk.length;
        this.#bytesInFlight += chunk.length;
        if (held.bytes > this.#maxBodyBytes)
          refuse(tooLarge(`the body has more bytes than expected, which is at most ${this.#maxBodyBytes}`));
        else if (this.#bytesInFlight > this.#maxBytesInFlight) refuse(overloaded());
        else chunks.push(chunk);
      };
      const goAway = (): void => {
        end();
        reject(new GoneClient());
      };
      request.on("data", take).once("error", goAway).once("close", goAway);
      request.once("end", () => {
        end();
        resolve(Buffer.concat(chunks));
      });
    });
  }
}

function tooLarge(message: string): RefusedRequest {
  return new RefusedRequest({ status: 413, reason: "too_large" }, message);
}

/** The refusal of a request when there are too many. */
export function overloaded(): RefusedRequest {
  return toComeAgain(
    "overloaded",
    `too many requests at the same time, expected again in ${RETRY_AFTER_SECONDS} seconds`,
  );
}

/** The refusal of a request that may be sent again later. */
export function toComeAgain(
  reason: "not_ready" | "overloaded" | "timed_out",
  message: string,
): RefusedRequest {
  const headers = { "retry-after": RETRY_AFTER_SECONDS };
  return new RefusedRequest({ status: 503, reason, headers }, message);
}
