import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { EventEmitter } from "node:events";
import type { Http2Session, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { makeRoom } from "../system/listener-room.ts";
import { safely } from "./safely.ts";
import type { ServedRequest } from "./served-request.ts";

/** Newer versions of Node report each stream, also of servers that listened before. */
const STREAM_CREATED = "http2.server.stream.created";
/** Older versions report only that a server is going to listen. */
const SERVER_LISTENS = "tracing:net.server.listen:asyncStart";
const HTTP2_SERVERS = ["Http2Server", "Http2SecureServer"];

/** Codes of RFC 9113, section 7. */
const NO_ERROR = 0;
const CANCEL = 8;
const CONNECTION_RESET = "ECONNRESET";

/** A stream whose request has arrived. */
export interface Http2Request {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly session: Http2Session | undefined;
}

/**
 * Reports the requests of all HTTP/2 servers of the process, of which gRPC servers are some. Nothing
 * is patched: it listens to Node's diagnostics channels and to events of sessions.
 */
export class Http2Requests {
  readonly #onRequest: (request: Http2Request) => void;
  readonly #seen = new WeakSet<object>();
  #isStopped: boolean | undefined;

  constructor(onRequest: (request: Http2Request) => void) {
    this.#onRequest = onRequest;
  }

  start(): void {
    this.#isStopped = false;
    subscribe(STREAM_CREATED, this.#onStream);
    subscribe(SERVER_LISTENS, this.#onListen);
  }

  stop(): void {
    this.#isStopped = true;
    unsubscribe(STREAM_CREATED, this.#onStream);
    unsubscribe(SERVER_LISTENS, this.#onListen);
  }

  readonly #onStream = (message: unknown): void => {
    safely(() => {
      const { stream, headers } = message as Http2Request;
      this.#begins(stream, headers);
    });
  };

  readonly #onListen = (message: unknown): void => {
    safely(() => this.#follow((message as { server: EventEmitter }).server));
  };

  #follow(server: EventEmitter): void {
    if (!HTTP2_SERVERS.includes(server.constructor?.name) || this.#seen.has(server)) return;
    this.#seen.add(server);
    makeRoom(server);
    server.on("session", (session: ServerHttp2Session) => {
      makeRoom(session);
      session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) =>
        safely(() => this.#begins(stream, headers)),
      );
    });
  }

  #begins(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    if (this.#isStopped || this.#seen.has(stream) || isPush(stream)) return;
    this.#seen.add(stream);
    this.#onRequest({ stream, headers, session: stream.session });
  }
}

/** A request of HTTP/2 whose stream is closed. */
export function servedByHttp2({ stream, headers, session }: Http2Request): ServedRequest {
  const { sentHeaders = {}, sentTrailers = {} } = stream;
  const status = sentHeaders[":status"];
  return {
    method: headers[":method"],
    scheme: headers[":scheme"] === "https" ? "https" : "http",
    status: status === undefined ? undefined : Number(status),
    ending: isComplete(stream) ? "complete" : hasClientLeft(stream, session) ? "left" : "cut off",
    contentType: textOf(sentHeaders["content-type"]),
    hasLength: sentHeaders["content-length"] !== undefined,
    grpcStatus: textOf(sentTrailers["grpc-status"] ?? sentHeaders["grpc-status"]),
  };
}

/** Streams with even numbers are pushes, which a server begins itself. */
function isPush({ id }: ServerHttp2Stream): boolean {
  return id !== undefined && id % 2 === 0;
}

function isComplete({ rstCode, aborted }: ServerHttp2Stream): boolean {
  return rstCode === NO_ERROR && !aborted;
}

/**
 * Whether the client closed the stream or the connection. A stream that the server destroys has
 * written less than it was to write.
 */
function hasClientLeft(stream: ServerHttp2Stream, session: Http2Session | undefined): boolean {
  const { rstCode, writableFinished, errored } = stream;
  if (rstCode === CANCEL) return true;
  if (rstCode === NO_ERROR) return writableFinished;
  const { code } = (errored ?? {}) as NodeJS.ErrnoException;
  return code === CONNECTION_RESET && session?.destroyed === true;
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}
