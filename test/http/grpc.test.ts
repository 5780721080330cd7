import {
  Client,
  credentials,
  Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HttpBench } from "./bench-of-http.ts";

const asIs = (given: Buffer): Buffer => given;
const method = (path: string, responseStream: boolean): MethodDefinition<Buffer, Buffer> => ({
  path,
  requestStream: false,
  responseStream,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
});
const service = { ask: method("/test/ask", false), watch: method("/test/watch", true) };

let bench: HttpBench;
let server: Server;
let client: Client;

beforeEach(() => {
  bench = new HttpBench();
  bench.observer.start();
});
afterEach(() => {
  bench.observer.stop();
  client.close();
  server.forceShutdown();
});

type Answer = (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => void;

async function serve(ask: Answer): Promise<void> {
  server = new Server();
  const watch = (call: ServerWritableStream<Buffer, Buffer>): unknown => call.write(Buffer.from("1"));
  server.addService(service, { ask, watch });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
}

/** Asks, and gives the status of the answer. */
function ask(path = service.ask.path, deadline = Number.POSITIVE_INFINITY): Promise<status> {
  return new Promise((resolve) =>
    client.makeUnaryRequest(path, asIs, asIs, Buffer.from("?"), new Metadata(), { deadline }, (error) =>
      resolve((error as ServiceError | null)?.code ?? status.OK),
    ),
  );
}

const POST = { "http.request.method": "POST", "url.scheme": "http", "network.protocol.version": "2" };
const answered = { ...POST, "http.response.status_code": "200" };

describe("calls of a gRPC server", () => {
  it("are requests", async () => {
    await serve((_, done) => {
      bench.clock += 20;
      done(null, Buffer.from("!"));
    });
    expect(await ask()).toBe(status.OK);
    expect(await bench.measured(1)).toEqual([{ labels: answered, count: 1, sum: 0.02 }]);
  });

  it.each([
    [status.UNKNOWN, "UNKNOWN"],
    [status.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED"],
    [status.UNIMPLEMENTED, "UNIMPLEMENTED"],
    [status.INTERNAL, "INTERNAL"],
    [status.UNAVAILABLE, "UNAVAILABLE"],
    [status.DATA_LOSS, "DATA_LOSS"],
    [status.NOT_FOUND, undefined],
    [status.INVALID_ARGUMENT, undefined],
    [status.RESOURCE_EXHAUSTED, undefined],
    [status.UNAUTHENTICATED, undefined],
  ])("with status %i have the error %s", async (code, error) => {
    await serve((_, done) => done({ code }));
    expect(await ask()).toBe(code);
    expect(await bench.measured(1)).toMatchObject([{ labels: answered }]);
    await ask();
    expect((await bench.measured(1))[0]?.labels["error.type"]).toBe(error);
  });

  it("of a method that does not exist are errors", async () => {
    await serve((_, done) => done(null, Buffer.from("!")));
    expect(await ask("/test/other")).toBe(status.UNIMPLEMENTED);
    expect(await bench.measured(1)).toMatchObject([{ labels: { "error.type": "UNIMPLEMENTED" } }]);
  });

  it("that the client gives up have a status of their own and are no errors, and streams have no latency", async () => {
    await serve(() => {});
    const stream = client.makeServerStreamRequest(service.watch.path, asIs, asIs, Buffer.from("?"));
    stream.on("error", () => {});
    stream.once("data", () => stream.cancel());
    const cancelled = { ...POST, "http.response.status_code": "499" };
    expect(await bench.measured(1)).toMatchObject([{ labels: { ...cancelled, "forecast.stream": "true" } }]);
    const call = client.makeUnaryRequest(service.ask.path, asIs, asIs, Buffer.from("?"), () => {});
    setImmediate(() => call.cancel());
    const [point] = await bench.measured(1);
    expect(point?.labels).toMatchObject({ "http.response.status_code": "499" });
    expect(point?.labels["error.type"]).toBeUndefined();
  });

  it("that the server ends as cancelled have that status too", async () => {
    await serve((_, done) => done({ code: status.CANCELLED }));
    expect(await ask()).toBe(status.CANCELLED);
    const [point] = await bench.measured(1);
    expect(point?.labels).toEqual({ ...POST, "http.response.status_code": "499" });
  });
});
