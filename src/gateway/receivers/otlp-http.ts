import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Transform } from "node:stream";
import { clearTimeout, setTimeout } from "node:timers";
import type { TLSSocket } from "node:tls";
import { Connections } from "../../prometheus/connections.ts";
import { createUnobservedServer } from "../../prometheus/unobserved-server.ts";
import { isLoopback, isLoopbackRequest } from "../../prometheus/web/exposure.ts";
import { createSecureServer } from "../../prometheus/web/secure-connections.ts";
import type { OtlpFormat } from "../../wire/otlp/encode-answer.ts";
import { readBody } from "./body.ts";
import type { Lease } from "./capacity.ts";
import { decoderOf, SUPPORTED_ENCODINGS } from "./content-encoding.ts";
import { ExportService } from "./export-service.ts";
import { answer, answerRefusal, formatOf } from "./http-answer.ts";
import { listenOn, portOf } from "./listening.ts";
import { ReceiverDoor } from "./receiver-door.ts";
import { type OtlpReceiverOptions, RECEIVER_LIMITS, type ReceiverLimits } from "./receiver-options.ts";
import { Refusal } from "./refusal.ts";
import { tenantOf } from "./tenants.ts";

const NAME = "OTLP/HTTP receiver";
const PATH = "/v1/metrics";
/** Senders that keep a connection mostly send each minute. */
const KEEP_ALIVE_MILLIS = 120_000;
/** How long an open request may take when the receiver shuts down. */
const GRACE_MILLIS = 1000;

/**
 * Receives metrics by OTLP over HTTP, in protobuf or JSON.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export class OtlpHttpReceiver {
  readonly #options: OtlpReceiverOptions;
  readonly #limits: ReceiverLimits;
  readonly #door: ReceiverDoor;
  readonly #service: ExportService;
  readonly #connections: Connections;
  #server: Server | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: OtlpReceiverOptions) {
    this.#options = options;
    this.#limits = { ...RECEIVER_LIMITS, ...options.limits };
    this.#door = new ReceiverDoor(options.address.host, options, options.postponedBecause);
    this.#service = new ExportService(NAME, options);
    this.#connections = new Connections({ connections: this.#limits.connections });
  }

  /** The port that it listens on; `undefined` before that. */
  get port(): number | undefined {
    return portOf(this.#server);
  }

  /** @throws Error if it cannot or must not listen at its address. */
  async start(): Promise<void> {
    const { address } = this.#options;
    await this.#door.open(NAME);
    this.#server = this.#createServer();
    await listenOn(this.#server, address, NAME);
    this.#door.warn(NAME);
  }

  /** Stops listening, lets open requests finish for a second and closes every connection. */
  shutdown(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.#connections.close();
    const deadline = setTimeout(() => this.#connections.destroyAll(), GRACE_MILLIS);
    await closed;
    clearTimeout(deadline);
  }

  #createServer(): Server {
    const { access } = this.#door;
    const server =
      access === undefined ? createUnobservedServer() : createSecureServer(access, this.#connections);
    server.keepAliveTimeout = KEEP_ALIVE_MILLIS;
    server.on("connection", (socket: Socket) => this.#connections.add(socket));
    server.on("request", (request, response) => {
      this.#connections.answers(request.socket, response);
      void this.#handle(request, response);
    });
    return server;
  }

  /** Answers a request. Never rejects. */
  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const format = formatOf(request.headers["content-type"]);
    const lease = this.#options.capacity.lease();
    let tenant: string | undefined;
    try {
      await this.#admit(request, response);
      tenant = tenantOf(request.headers, this.#options.tenantHeader);
      answer(response, 200, await this.#take(request, lease, tenant), format ?? "json");
    } catch (thrown) {
      const refusal = this.#service.refuse(thrown, request.socket.remoteAddress ?? "a sender", tenant);
      answerRefusal(request, response, refusal, format ?? "json");
    } finally {
      lease.release();
    }
  }

  async #admit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#expectKnownTarget(request);
    const headers = await this.#door.admit({
      authorization: request.headers.authorization,
      address: request.socket.remoteAddress ?? "",
      isEncrypted: (request.socket as TLSSocket).encrypted === true,
    });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  }

  async #take(request: IncomingMessage, lease: Lease, tenant: string | undefined): Promise<Buffer> {
    await this.#door.expectTime();
    const format = expectedFormat(request);
    expectSize(request, this.#limits.maxBodyBytes);
    const body = await readBody(request, { limits: this.#limits, decoder: decoderFor(request), lease });
    return this.#service.take(body, format, tenant);
  }

  #expectKnownTarget({ url = "", method, headers }: IncomingMessage): void {
    const [path] = url.split("?");
    if (path !== PATH)
      throw new Refusal("not_found", `there is nothing here; this gateway receives metrics at ${PATH}`);
    if (method !== "POST") throw new Refusal("wrong_method", `${PATH} receives POST requests`);
    // A page of the internet can name itself by a host that resolves to this machine (DNS rebinding).
    // Its requests have an origin. A container may name this machine by another name, too.
    const isLocal = isLoopback(this.#options.address.host);
    if (isLocal && headers.origin !== undefined && !isLoopbackRequest(headers.host))
      throw new Refusal("forbidden", "this address takes requests of web pages only for localhost");
  }
}

/** The size that a sender announces is checked before anything is read. */
function expectSize({ headers }: IncomingMessage, maxBytes: number): void {
  if (Number(headers["content-length"] ?? 0) > maxBytes)
    throw new Refusal("too_large", `the body has more than ${maxBytes} bytes`);
}

function expectedFormat({ headers }: IncomingMessage): OtlpFormat {
  const type = headers["content-type"];
  const format = formatOf(type);
  if (format !== undefined) return format;
  const expected = "expected application/x-protobuf or application/json";
  throw new Refusal("unsupported_type", `the content type is ${type ?? "not given"}, ${expected}`);
}

function decoderFor({ headers }: IncomingMessage): Transform | undefined {
  const encoding = (headers["content-encoding"] ?? "").trim().toLowerCase();
  const decoder = decoderOf(encoding);
  if (decoder !== undefined) return decoder.create();
  const expected = `expected one of ${SUPPORTED_ENCODINGS}`;
  throw new Refusal("unsupported_encoding", `the content encoding is ${encoding}, ${expected}`);
}
