import {
  Agent as HttpAgent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as send,
} from "node:http";
import { Agent as HttpsAgent, request as sendSecurely } from "node:https";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

/** A request. */
export interface HttpRequest {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

/** The beginning of an answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed. It is received while it is read. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Receives no more. */
  end(): void;
}

/**
 * The connections to one server, which are used again. Unlike those of `fetch`, they need not keep
 * the process alive: an application ends although an answer is still awaited.
 */
export class HttpConnections {
  readonly #keepsAlive: boolean;
  readonly #plain = new HttpAgent({ keepAlive: true });
  readonly #secure = new HttpsAgent({ keepAlive: true });

  constructor(keepsAlive: boolean) {
    this.#keepsAlive = keepsAlive;
  }

  /** Sends a request. A connection that the server closed meanwhile is replaced. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const first = await this.#sendOnce(request);
    if (!("wasClosed" in first)) return first;
    const second = await this.#sendOnce(request);
    if ("wasClosed" in second) throw second.wasClosed;
    return second;
  }

  /** Closes all connections. */
  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  #sendOnce(request: HttpRequest): Promise<HttpAnswer | { wasClosed: Error }> {
    const { url, method, signal, body } = request;
    const isSecure = url.protocol === "https:";
    return new Promise((resolve, reject) => {
      const sent = (isSecure ? sendSecurely : send)(url, {
        method,
        headers: { ...request.headers, "accept-encoding": "gzip" },
        agent: isSecure ? this.#secure : this.#plain,
        signal,
      });
      if (!this.#keepsAlive) sent.once("socket", (socket) => socket.unref());
      sent.once("response", (answer) => resolve(answerOf(answer)));
      sent.on("error", (error: NodeJS.ErrnoException) => {
        if (sent.reusedSocket && error.code === "ECONNRESET") resolve({ wasClosed: error });
        else reject(error);
      });
      sent.end(body);
    });
  }
}

function answerOf(answer: IncomingMessage): HttpAnswer {
  const isCompressed = answer.headers["content-encoding"] === "gzip";
  // What breaks the connection breaks the decompression, which is what is read.
  const body = isCompressed ? pipeline(answer, createGunzip(), () => {}) : answer;
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body,
    end: () => {
      answer.on("error", () => {}).destroy();
    },
  };
}
