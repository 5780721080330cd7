import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { emptyResource } from "@opentelemetry/resources";
import type { PushMetricExporter, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { afterEach, describe, expect, it } from "vitest";
import type { OtlpProtocol } from "../../../src/otel/export/otlp-exporters.ts";
import { otlpExporterClass } from "../../../src/otel/export/otlp-exporters.ts";
import { onPartialSuccess } from "../../../src/otel/export/partial-success.ts";
import { ProtobufWriter } from "../../../src/wire/protobuf-writer.ts";
import { warnings } from "../../harness/warnings.ts";

const { Server: GrpcServer, ServerCredentials } = createRequire(import.meta.url)("@grpc/grpc-js");

const NOTHING: ResourceMetrics = { resource: emptyResource(), scopeMetrics: [] };
const IN_JSON = (partialSuccess: unknown): Buffer => Buffer.from(JSON.stringify({ partialSuccess }));
const inProtobuf = (rejected: number, reason: string): Buffer =>
  new ProtobufWriter().bytes(1, new ProtobufWriter().number(1, rejected).text(2, reason).finish()).finish();

let server: Server | undefined;
let closeGrpc: (() => void) | undefined;
const warned = warnings();

afterEach(() => {
  server?.close();
  closeGrpc?.();
});

async function answering(body: Buffer, type: string): Promise<string> {
  server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(200, { "content-type": type }).end(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`;
}

async function answeringGrpc(body: Buffer): Promise<string> {
  const grpc = new GrpcServer();
  const same = (bytes: Buffer): Buffer => bytes;
  const of = { requestSerialize: same, requestDeserialize: same, responseSerialize: same };
  const path = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
  const method = { ...of, responseDeserialize: same, path, requestStream: false, responseStream: false };
  const answer = (_: unknown, done: (error: null, body: Buffer) => void): void => done(null, body);
  grpc.addService({ Export: method }, { Export: answer });
  const port = await new Promise<number>((resolve, reject) =>
    grpc.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error: Error | null, bound: number) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  closeGrpc = () => grpc.forceShutdown();
  return `http://127.0.0.1:${port}`;
}

/** What is told of two pushes. */
async function pushedTwice(protocol: OtlpProtocol, url: string): Promise<[number, string][]> {
  const exporter: PushMetricExporter = new (otlpExporterClass(protocol))({ url });
  const told: [number, string][] = [];
  onPartialSuccess(exporter, (points, reason) => told.push([points, reason]));
  for (let push = 0; push < 2; push += 1) await new Promise((resolve) => exporter.export(NOTHING, resolve));
  await exporter.shutdown();
  return told;
}

describe("points that a receiver rejects of a push that it takes", () => {
  const both = [
    [3, "too old"],
    [3, "too old"],
  ];

  it.each([3, "3"])("are told of http/json, as %j", async (rejectedDataPoints) => {
    const url = await answering(IN_JSON({ rejectedDataPoints, errorMessage: "too old" }), "application/json");
    expect(await pushedTwice("http/json", url)).toEqual(both);
    expect(warned).toEqual([]);
  });

  it("are told of http/protobuf", async () => {
    const url = await answering(inProtobuf(3, "too old"), "application/x-protobuf");
    expect(await pushedTwice("http/protobuf", url)).toEqual(both);
    expect(warned).toEqual([]);
  });

  it("are told of gRPC", async () => {
    expect(await pushedTwice("grpc", await answeringGrpc(inProtobuf(3, "too old")))).toEqual(both);
    expect(warned).toEqual([]);
  });

  it("are not told of a remark, which is logged once", async () => {
    const url = await answering(IN_JSON({ errorMessage: "use gzip" }), "application/json");
    expect(await pushedTwice("http/json", url)).toEqual([]);
    expect(warned).toEqual([
      "otel-forecast: the receiver of a push by OTLP remarks: use gzip. Later remarks are not logged.",
    ]);
  });

  it.each([
    null,
    {},
    "all",
    [],
    { rejectedDataPoints: -1 },
    { rejectedDataPoints: 0.5 },
    { rejectedDataPoints: "many" },
    { rejectedDataPoints: { valueOf: 1, toString: 1 } },
    { rejectedDataPoints: "18446744073709551615" },
  ])("are none in an answer with %j", async (partialSuccess) => {
    const url = await answering(IN_JSON(partialSuccess), "application/json");
    expect(await pushedTwice("http/json", url)).toEqual([]);
    expect(warned).toEqual([]);
  });
});
