import { createServer, type Server as NetServer, type Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import { TLSSocket } from "node:tls";
import type {
  ConnectionInjector,
  Metadata,
  Server,
  ServerInterceptingCall,
  ServerInterceptingCallInterface,
  ServerUnaryCall,
  sendUnaryData,
} from "@grpc/grpc-js";
import { Connections } from "../../prometheus/connections.ts";
import { Handshakes } from "../../prometheus/web/secure-connections.ts";
import { encodeStatus } from "../../wire/otlp/encode-answer.ts";
import { ExportService } from "./export-service.ts";
import { type GrpcStatus, WatchedCall } from "./grpc-call.ts";
import { type Grpc, loadGrpc } from "./grpc-package.ts";
import { listenOn, portOf } from "./listening.ts";
import { ReceiverDoor } from "./receiver-door.ts";
import { type OtlpReceiverOptions, RECEIVER_LIMITS, type ReceiverLimits } from "./receiver-options.ts";
import { tenantNamed } from "./tenants.ts";

const NAME = "OTLP/gRPC receiver";
const PATH = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
/** A connection whose sender does not answer a ping is closed. */
const KEEP_ALIVE = { "grpc.keepalive_time_ms": 60_000, "grpc.keepalive_timeout_ms": 20_000 };
const MAX_STREAMS_OF_CONNECTION = 100;
/** How long an open call may take when the receiver shuts down. */
const GRACE_MILLIS = 1000;

const asIs = (bytes: Buffer): Buffer => bytes;
const SERVICE = {
  Export: {
    path: PATH,
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
};

/**
 * Receives metrics by OTLP over gRPC. https://opentelemetry.io/docs/specs/otlp/#otlpgrpc
 *
 * The connections are ours: their limits, encryption and logins are those of the other ports.
 */
export class OtlpGrpcReceiver {
  readonly #options: OtlpReceiverOptions;
  readonly #limits: ReceiverLimits;
  readonly #door: ReceiverDoor;
  readonly #service: ExportService;
  readonly #connections: Connections;
  readonly #grpc: Grpc = loadGrpc();
  /** The calls whose message has not been worked on, by their metadata. */
  readonly #calls = new WeakMap<Metadata, WatchedCall>();
  /** The senders whose connections are encrypted. */
  readonly #encrypted = new Set<string>();
  #listener: NetServer | undefined;
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
    return portOf(this.#listener);
  }

  /** @throws Error if it cannot or must not listen at its address. */
  async start(): Promise<void> {
    await this.#door.open(NAME);
    this.#server = this.#createServer();
    const injector = this.#server.createConnectionInjector(this.#grpc.ServerCredentials.createInsecure());
    this.#listener = this.#createListener(injector);
    await listenOn(this.#listener, this.#options.address, NAME);
    this.#door.warn(NAME);
  }

  /** Stops listening, lets open calls finish for a second and closes every connection. */
  shutdown(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const listener = this.#listener;
    const server = this.#server;
    if (listener === undefined || server === undefined) return;
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    // Tells senders to go. Connections end after their calls.
    server.tryShutdown(() => this.#connections.destroyAll());
    const deadline = setTimeout(() => this.#connections.destroyAll(), GRACE_MILLIS);
    await closed;
    clearTimeout(deadline);
    server.forceShutdown();
  }

  #createListener(injector: ConnectionInjector): NetServer {
    const { access } = this.#door;
    const handshakes = new Handshakes(this.#connections, ["h2"]);
    const accept = (connection: Socket): void => this.#accept(connection, injector);
    return createServer((socket) => {
      // No connection may end the process by an error.
      socket.on("error", () => {});
      if (access === undefined) accept(socket);
      else void handshakes.begin(socket, access, accept);
    });
  }

  #accept(connection: Socket, injector: ConnectionInjector): void {
    this.#connections.add(connection);
    const peer = `${connection.remoteAddress}:${connection.remotePort}`;
    if (connection instanceof TLSSocket) this.#encrypted.add(peer);
    connection.once("close", () => this.#encrypted.delete(peer));
    injector.injectConnection(connection);
  }

  #createServer(): Server {
    const server = new this.#grpc.Server({
      ...KEEP_ALIVE,
      "grpc.max_receive_message_length": this.#limits.maxBodyBytes,
      "grpc.max_concurrent_streams": MAX_STREAMS_OF_CONNECTION,
      "grpc.enable_channelz": 0,
      interceptors: [(_, call) => this.#intercept(call)],
    });
    server.addService(SERVICE, {
      Export: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
        this.#export(call).then(
          (answer) => done(null, answer),
          (thrown: unknown) => done(this.#statusOf(thrown, call.getPeer(), this.#tenantOf(call.metadata))),
        );
      },
    });
    return server;
  }

  #intercept(call: ServerInterceptingCallInterface): ServerInterceptingCall {
    const peer = call.getPeer();
    let tenant: string | undefined;
    const watched = new WatchedCall(call, {
      limits: this.#limits,
      lease: this.#options.capacity.lease(),
      admit: async (metadata) => {
        this.#calls.set(metadata, watched);
        await this.#door.admit({
          authorization: textOf(metadata, "authorization"),
          address: call.getConnectionInfo().remoteAddress ?? "",
          isEncrypted: this.#encrypted.has(peer),
        });
        tenant = this.#tenantOf(metadata);
        await this.#door.expectTime();
      },
      refuse: (thrown) => this.#statusOf(thrown, peer, tenant),
    });
    return new this.#grpc.ServerInterceptingCall(call, { start: (next) => next(watched.listener()) });
  }

  async #export({ request, metadata }: ServerUnaryCall<Buffer, Buffer>): Promise<Buffer> {
    const take = (): Promise<Buffer> => this.#service.take(request, "protobuf", this.#tenantOf(metadata));
    return this.#calls.get(metadata)?.during(take) ?? take();
  }

  #tenantOf(metadata: Metadata): string | undefined {
    const { tenantHeader } = this.#options;
    return tenantHeader === undefined ? undefined : tenantNamed(textOf(metadata, tenantHeader));
  }

  /** Counts what was thrown. */
  #statusOf(thrown: unknown, sender: string, tenant: string | undefined): GrpcStatus {
    const { status } = this.#service.refuse(thrown, sender, tenant);
    const metadata = new this.#grpc.Metadata();
    // When to try again is told here, or not at all.
    if (status.retryAfterSeconds !== undefined)
      metadata.set("grpc-status-details-bin", encodeStatus(status, "protobuf"));
    return { code: status.code, details: status.message, metadata };
  }
}

function textOf(metadata: Metadata, key: string): string | undefined {
  return metadata.get(key)[0]?.toString();
}
