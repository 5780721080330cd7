import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from "node:http2";
import { type AddressInfo, connect, createServer } from "node:net";
import { gzipSync, zstdCompressSync } from "node:zlib";
import {
  type ChannelCredentials,
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { hashSync } from "bcryptjs";
import { describe, expect, it } from "vitest";
import type { OtlpGrpcReceiver } from "../../../src/gateway/receivers/otlp-grpc.ts";
import { until } from "../../eventually.ts";
import { pem } from "../../prometheus/web/protected-endpoint.ts";
import { ExportResponse, protobufOf, RpcStatus, requestOf } from "../../wire/otlp/otlp-messages.ts";
import { afterTest, lines, Surroundings, webConfigOf } from "./started-receivers.ts";

const PATH = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
const POINT = { timeUnixNano: "1700000000000000000", asDouble: 1.5 };
const REQUEST = protobufOf(requestOf({ name: "g", gauge: { dataPoints: [POINT] } }));
const asIs = (bytes: Buffer): Buffer => bytes;

interface Sent {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly channel?: ChannelCredentials;
  readonly compression?: compressionAlgorithms;
}

/** Sends a message. Rejects with the error of the library. */
function exportTo({ port }: OtlpGrpcReceiver, message: Uint8Array, sent: Sent = {}): Promise<Buffer> {
  const { path = PATH, headers = {}, channel = credentials.createInsecure(), compression } = sent;
  const client = new Client(`localhost:${port}`, channel, {
    ...(compression === undefined ? {} : { "grpc.default_compression_algorithm": compression }),
  });
  afterTest(() => client.close());
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest(path, asIs, asIs, Buffer.from(message), metadata, {}, (error, answer) =>
      error === null ? resolve(answer as Buffer) : reject(error),
    ),
  );
}

/** The code and the text of an error, and when to try again. */
async function refusalOf(sending: Promise<unknown>): Promise<unknown[]> {
  const error = (await sending.then(
    () => new Error("it was taken"),
    (thrown: unknown) => thrown,
  )) as ServiceError;
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const retry =
    details === undefined ? [] : (RpcStatus.decode(details as Buffer) as { details?: object[] }).details;
  return [error.code, error.details, retry?.length];
}

/** A call whose bytes the test writes itself. */
function rawCall(
  receiver: OtlpGrpcReceiver,
  headers: Readonly<Record<string, string>> = {},
): [ClientHttp2Stream, ClientHttp2Session] {
  const session = connectHttp2(`http://127.0.0.1:${receiver.port}`);
  afterTest(() => session.destroy());
  session.on("error", () => {});
  const stream = session.request({
    ":method": "POST",
    ":path": PATH,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
  stream.on("error", () => {});
  return [stream, session];
}

/** A message with its flag and length. */
function framed(message: Uint8Array, isCompressed = false): Buffer {
  const head = Buffer.from([isCompressed ? 1 : 0, 0, 0, 0, 0]);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The code that ends a call, from its trailers, or from its headers if it has no message. */
async function codeOf(stream: ClientHttp2Stream): Promise<number> {
  return new Promise((resolve) => {
    const read = (headers: Readonly<Record<string, unknown>>): void => {
      if (headers["grpc-status"] !== undefined) resolve(Number(headers["grpc-status"]));
    };
    stream.on("response", read).on("trailers", read).resume();
  });
}

describe("a receiver of OTLP/gRPC", () => {
  it("takes a message", async () => {
    const surroundings = new Surroundings();
    expect(await exportTo(await surroundings.grpc(), REQUEST)).toHaveLength(0);
    expect(surroundings.intake.points.map(({ value, at }) => [value, at])).toEqual([[1.5, 1.7e12]]);
    expect([surroundings.received, surroundings.refused]).toEqual([1, {}]);
    await until(() => surroundings.capacity.bytesInFlight === 0);
  });

  it.each([compressionAlgorithms.gzip, compressionAlgorithms.deflate])(
    "decompresses a message (algorithm %s of the library)",
    async (compression) => {
      const surroundings = new Surroundings();
      await exportTo(await surroundings.grpc(), REQUEST, { compression });
      expect(surroundings.received).toBe(1);
      await until(() => surroundings.capacity.bytesInFlight === 0);
    },
  );

  it("decompresses zstd, and takes a message that is not compressed although others are", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.grpc();
    for (const frame of [framed(zstdCompressSync(REQUEST), true), framed(REQUEST)]) {
      const [stream] = rawCall(receiver, { "grpc-encoding": "zstd" });
      stream.end(frame);
      expect(await codeOf(stream)).toBe(status.OK);
    }
    expect(surroundings.received).toBe(2);
  });

  it("tells which points it has rejected", async () => {
    const surroundings = new Surroundings();
    const message = protobufOf(requestOf({ name: "g", gauge: { dataPoints: [POINT, {}] } }));
    const answer = ExportResponse.decode(await exportTo(await surroundings.grpc(), message));
    expect(ExportResponse.toObject(answer, { longs: String })).toEqual({
      partialSuccess: { rejectedDataPoints: "1", errorMessage: "1 x the point has no time" },
    });
    expect([surroundings.received, surroundings.refused]).toEqual([1, { no_time: 1 }]);
  });

  const LONG_TENANT = "t".repeat(200);

  it("keeps tenants apart", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.grpc({ tenantHeader: "X-Scope-OrgID" });
    for (const tenant of ["a", "b", "a", LONG_TENANT, ""])
      await exportTo(receiver, REQUEST, { headers: { "x-scope-orgid": tenant } });
    await exportTo(receiver, REQUEST);
    expect(Array.from(surroundings.intakes, ([tenant, { points }]) => [tenant, points.length])).toEqual([
      ["a", 2],
      ["b", 1],
      [LONG_TENANT.slice(0, 150), 1],
      [undefined, 2],
    ]);
  });

  it("refuses a malformed message, an unknown service and an unknown encoding", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.grpc();
    expect(await refusalOf(exportTo(receiver, REQUEST.subarray(1)))).toEqual([
      status.INVALID_ARGUMENT,
      "the protobuf message is cut off, or has a wrong length",
      0,
    ]);
    const traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    expect((await refusalOf(exportTo(receiver, REQUEST, { path: traces })))[0]).toBe(status.UNIMPLEMENTED);
    const [stream] = rawCall(receiver, { "grpc-encoding": "br" });
    stream.end(framed(REQUEST, true));
    expect(await codeOf(stream)).toBe(status.UNIMPLEMENTED);
    const [cut] = rawCall(receiver, { "grpc-encoding": "gzip" });
    cut.end(framed(gzipSync(REQUEST).subarray(0, -9), true));
    expect(await codeOf(cut)).toBe(status.INVALID_ARGUMENT);
    expect(surroundings.refused).toEqual({ malformed: 2, unsupported_encoding: 1 });
    expect(lines("warn")[0]).toContain("OTLP/gRPC receiver: refused a request from ");
    await until(() => surroundings.capacity.bytesInFlight === 0);
  });

  it("answers INTERNAL if the intake fails, and goes on", async () => {
    const intakeFor = (): never => {
      throw new Error("the disk is full");
    };
    const [code, details] = await refusalOf(exportTo(await new Surroundings().grpc({ intakeFor }), REQUEST));
    expect([code, details]).toEqual([
      status.INTERNAL,
      "the gateway failed to take the request; its log has the error",
    ]);
  });
});

describe("a message that is too large", () => {
  const limits = { maxBodyBytes: 100_000 };
  const tooLarge = (what: string): unknown[] => [
    status.RESOURCE_EXHAUSTED,
    `the ${what} has more than 100000 bytes`,
    // It would not help to try again.
    0,
  ];

  it("is refused when its length has come, or while it is decompressed", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.grpc({ limits });
    expect(await refusalOf(exportTo(receiver, new Uint8Array(100_001)))).toEqual(tooLarge("message"));
    const gzip = compressionAlgorithms.gzip;
    expect(await refusalOf(exportTo(receiver, new Uint8Array(100_001), { compression: gzip }))).toEqual(
      tooLarge("body"),
    );
    expect(surroundings.refused).toEqual({ too_large: 2 });
    await until(() => surroundings.capacity.bytesInFlight === 0);
  });

  it("may have up to 64 MiB, more than the 4 MiB of other receivers", async () => {
    const surroundings = new Surroundings();
    const dataPoints = [{ ...POINT, exemplars: [{ traceId: "A".repeat(8 * 2 ** 20) }] }];
    await exportTo(await surroundings.grpc(), protobufOf(requestOf({ name: "g", gauge: { dataPoints } })));
    expect(surroundings.received).toBe(1);
  });

  it("of 1 GiB in gzip takes no more memory than the limit", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.grpc();
    const [stream] = rawCall(receiver, { "grpc-encoding": "gzip" });
    stream.end(framed(Buffer.concat(new Array(1024).fill(gzipSync(Buffer.alloc(2 ** 20)))), true));
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, surroundings.capacity.bytesInFlight);
    }, 1);
    afterTest(() => clearInterval(watch));
    expect(await codeOf(stream)).toBe(status.RESOURCE_EXHAUSTED);
    expect(most).toBeLessThanOrEqual(66 * 2 ** 20);
    await until(() => surroundings.capacity.bytesInFlight === 0);
  });
});

describe("a call that comes before the state is loaded", () => {
  it("is told to come again, and nothing of it is taken", async () => {
    const surroundings = new Surroundings();
    let reason: "not_ready" | undefined = "not_ready";
    const receiver = await surroundings.grpc({ postponedBecause: () => reason });
    expect(await refusalOf(exportTo(receiver, REQUEST))).toEqual([
      status.UNAVAILABLE,
      "the gateway loads its state; try again later",
      1,
    ]);
    expect([surroundings.received, surroundings.refused]).toEqual([0, { not_ready: 1 }]);
    reason = undefined;
    await exportTo(receiver, REQUEST);
  });
});

describe("the bytes of all calls together", () => {
  it("are limited: a call beyond the limit is told to come again", async () => {
    const surroundings = new Surroundings(1000);
    const receiver = await surroundings.grpc();
    const blocker = surroundings.capacity.lease();
    blocker.take(990);
    expect(await refusalOf(exportTo(receiver, REQUEST))).toEqual([
      status.UNAVAILABLE,
      "the gateway holds as many bytes as it may; try again later",
      1,
    ]);
    blocker.release();
    await exportTo(receiver, REQUEST);
    expect(surroundings.refused).toEqual({ overloaded: 1 });
  });

  it("are counted while a message comes, and given back when its sender goes", async () => {
    const surroundings = new Surroundings();
    const [stream, session] = rawCall(await surroundings.grpc());
    stream.write(framed(new Uint8Array(1000)).subarray(0, 500));
    await until(() => surroundings.capacity.bytesInFlight === 500);
    session.destroy();
    await until(() => surroundings.capacity.bytesInFlight === 0);
    expect(surroundings.received).toBe(0);
  });

  it("are given back when the sender of a message goes while it is decompressed", async () => {
    const surroundings = new Surroundings();
    const [stream, session] = rawCall(await surroundings.grpc(), { "grpc-encoding": "gzip" });
    const message = framed(gzipSync(Buffer.alloc(60 * 2 ** 20)), true);
    stream.end(message);
    await until(() => surroundings.capacity.bytesInFlight > message.length);
    session.destroy();
    await until(() => surroundings.capacity.bytesInFlight === 0);
    expect([surroundings.received, surroundings.refused]).toEqual([0, {}]);
  });
});

describe("a sender", () => {
  it("from which nothing comes is cut off, also if only the end of its message is missing", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.grpc({ limits: { stalledMillis: 50 } });
    const [empty] = rawCall(receiver);
    expect(await codeOf(empty)).toBe(status.DEADLINE_EXCEEDED);
    const [open] = rawCall(receiver);
    open.write(framed(REQUEST));
    expect(await codeOf(open)).toBe(status.DEADLINE_EXCEEDED);
    expect(surroundings.refused).toEqual({ timed_out: 2 });
    await until(() => surroundings.capacity.bytesInFlight === 0);
  });

  it("that is too slow is cut off", async () => {
    const receiver = await new Surroundings().grpc({ limits: { requestMillis: 100 } });
    const [stream] = rawCall(receiver);
    stream.write(framed(new Uint8Array(1000)).subarray(0, 100));
    const drip = setInterval(() => stream.write("a"), 10);
    afterTest(() => clearInterval(drip));
    expect(await codeOf(stream)).toBe(status.DEADLINE_EXCEEDED);
    clearInterval(drip);
  });

  it("that speaks another protocol, or nothing, ends nothing but its connection", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.grpc();
    for (const text of ["GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001", ""]) {
      const socket = connect(receiver.port as number, "127.0.0.1").on("error", () => {});
      afterTest(() => socket.destroy());
      await once(socket, "connect");
      socket.write(text);
      if (text === "") socket.resetAndDestroy();
    }
    await exportTo(receiver, REQUEST);
    expect(surroundings.received).toBe(1);
  });

  it("does not delay the end of the receiver for long", async () => {
    const receiver = await new Surroundings().grpc();
    const [stream] = rawCall(receiver);
    stream.write(framed(REQUEST).subarray(0, 20));
    await once(stream.session as ClientHttp2Session, "remoteSettings");
    const idle = connect(receiver.port as number, "127.0.0.1").on("error", () => {});
    await once(idle, "connect");
    const begun = performance.now();
    await receiver.shutdown();
    expect(performance.now() - begun).toBeLessThan(2000);
    await receiver.shutdown();
    expect(receiver.port).toBeUndefined();
  });
});

describe("a login", () => {
  const users = `basic_auth_users:\n  agent: ${hashSync("secret", 4)}\n`;
  const basic = { authorization: `Basic ${Buffer.from("agent:secret").toString("base64")}` };
  const unauthenticated = [
    status.UNAUTHENTICATED,
    "a login is needed here, and the request has no valid one",
    0,
  ];

  it("is that of the web configuration file, or a bearer token", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.grpc({ webConfig: webConfigOf(users), bearerTokens: ["one"] });
    expect(await refusalOf(exportTo(receiver, REQUEST))).toEqual(unauthenticated);
    const wrong = { authorization: "Bearer two" };
    expect(await refusalOf(exportTo(receiver, REQUEST, { headers: wrong }))).toEqual(unauthenticated);
    await exportTo(receiver, REQUEST, { headers: basic });
    await exportTo(receiver, REQUEST, { headers: { authorization: "Bearer one" } });
    expect([surroundings.received, surroundings.refused]).toEqual([2, { unauthenticated: 2 }]);
  });

  it("is checked before the message is read", async () => {
    const surroundings = new Surroundings();
    const [stream] = rawCall(await surroundings.grpc({ bearerTokens: ["one"] }));
    stream.write(framed(new Uint8Array(1000)).subarray(0, 500));
    expect(await codeOf(stream)).toBe(status.UNAUTHENTICATED);
    expect(surroundings.capacity.bytesInFlight).toBe(0);
  });

  it("and encryption are those of the web configuration file", async () => {
    const surroundings = new Surroundings();
    const webConfig = webConfigOf(
      `${users}tls_server_config: { cert_file: server.crt, key_file: server.key }\n`,
    );
    const receiver = await surroundings.grpc({ webConfig });
    const channel = credentials.createSsl(Buffer.from(pem("authority.crt")));
    await exportTo(receiver, REQUEST, { channel, headers: basic });
    expect(await refusalOf(exportTo(receiver, REQUEST, { channel }))).toEqual(unauthenticated);
    expect((await refusalOf(exportTo(receiver, REQUEST, { headers: basic })))[0]).toBe(status.UNAVAILABLE);
    expect(surroundings.received).toBe(1);
  });

  it("may be a certificate", async () => {
    const webConfig = webConfigOf(
      "tls_server_config: { cert_file: server.crt, key_file: server.key, client_auth_type: RequireAndVerifyClientCert, client_ca_file: authority.crt }\n",
    );
    const receiver = await new Surroundings().grpc({ webConfig, address: { host: "0.0.0.0", port: 0 } });
    const [authority, key, certificate] = ["authority.crt", "client.key", "client.crt"].map((name) =>
      Buffer.from(pem(name)),
    );
    const known = credentials.createSsl(authority, key, certificate);
    expect(await exportTo(receiver, REQUEST, { channel: known })).toHaveLength(0);
    const unknown = credentials.createSsl(authority);
    expect((await refusalOf(exportTo(receiver, REQUEST, { channel: unknown })))[0]).toBe(status.UNAVAILABLE);
  });
});

describe("an address in use", () => {
  it("makes the start fail with an error that names it", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    afterTest(() => other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(new Surroundings().grpc({ address: { host: "127.0.0.1", port } })).rejects.toThrow(
      `OTLP/gRPC receiver: cannot listen on 127.0.0.1:${port}: another program has this port; end it, or choose another address`,
    );
  });
});
