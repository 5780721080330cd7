import { channel } from "node:diagnostics_channel";
import { EventEmitter, once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { type AddressInfo, connect as connectSocket, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Http2Requests, servedByHttp2 } from "../../src/http/http2.ts";
import { HttpBench } from "./bench-of-http.ts";

interface Visit {
  readonly session: ClientHttp2Session;
  readonly stream: ClientHttp2Stream;
  readonly socket: Socket;
}

let bench: HttpBench;
const undo: (() => void)[] = [];

beforeEach(() => {
  bench = new HttpBench();
  bench.observer.start();
});
afterEach(() => {
  bench.observer.stop();
  for (const one of undo.splice(0)) one();
});

async function listening(server: Http2Server): Promise<number> {
  server.on("session", (session) => session.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  undo.push(() => server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function serve(onStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void): Promise<number> {
  const server = createServer().on("stream", (stream, headers) => {
    stream.on("error", () => {});
    onStream(stream, headers);
  });
  return listening(server);
}

/** Begins a request, and gives what is needed to leave it. */
function visit(port: number, headers: OutgoingHttpHeaders = { ":path": "/secret?id=1" }): Visit {
  const socket = connectSocket(port, "127.0.0.1").on("error", () => {});
  const session = connect(`http://127.0.0.1:${port}`, { createConnection: () => socket });
  session.on("error", () => {});
  undo.push(() => session.destroy());
  const stream = session.request(headers).on("error", () => {});
  return { session, stream, socket };
}

async function ask(port: number, headers?: OutgoingHttpHeaders): Promise<void> {
  const { stream, session } = visit(port, headers);
  stream.resume().end();
  // `once` of Node fails if the stream does.
  await new Promise((resolve) => stream.once("close", resolve));
  session.close();
}

const GET = { "http.request.method": "GET", "url.scheme": "http", "network.protocol.version": "2" };
const ok = { ...GET, "http.response.status_code": "200" };

it("leaves the application as many listeners as before, without a warning of a leak", async () => {
  bench.observer.stop();
  const bare = { server: 0, session: 0, stream: 0 };
  const observed = { server: 0, session: 0, stream: 0 };
  for (const left of [bare, observed]) {
    const server = createServer();
    server.on("session", (session) => {
      left.session = session.getMaxListeners() - session.listenerCount("stream");
    });
    server.on("stream", (stream) => {
      left.stream = stream.getMaxListeners() - stream.listenerCount("close");
      stream.respond({ ":status": 200 }, { endStream: true });
    });
    const port = await listening(server);
    left.server = server.getMaxListeners() - server.listenerCount("session");
    await ask(port);
    bench.observer.start();
  }
  expect(observed).toEqual(bare);
});

describe("requests to any HTTP/2 server of the process", () => {
  it("are measured, with streams and with the compatible API", async () => {
    const byStreams = await serve((stream) => {
      bench.clock += 250;
      stream.respond({ ":status": 200 });
      stream.end("ok");
    });
    const compatible = await listening(
      createServer((_, response) => {
        response.writeHead(201).end("ok");
      }),
    );
    await ask(byStreams);
    expect(await bench.measured(1)).toEqual([{ labels: ok, count: 1, sum: 0.25 }]);
    await ask(compatible);
    expect(await bench.measured(1)).toMatchObject([{ labels: { "http.response.status_code": "201" } }]);
  });

  it("are counted one by one on one connection", async () => {
    const port = await serve((stream) => stream.respond({ ":status": 200 }, { endStream: true }));
    const { session, stream } = visit(port);
    await once(stream.resume(), "close");
    await once(session.request({ ":path": "/2" }).resume(), "close");
    expect(await bench.measured(2)).toEqual([{ labels: ok, count: 2, sum: 0 }]);
  });

  it("are counted once, and no listener is left, where a server listens a second time", async () => {
    const server = createServer().on("stream", (stream) => {
      stream.respond({ ":status": 200 });
      stream.end();
    });
    await listening(server);
    const listeners = server.listenerCount("session");
    await new Promise((resolve) => server.close(resolve));
    server.listen(0, "127.0.0.1");
    undo.push(() => server.close());
    await once(server, "listening");
    expect(server.listenerCount("session")).toBe(listeners);
    await ask((server.address() as AddressInfo).port);
    expect(await bench.measured(1)).toEqual([{ labels: ok, count: 1, sum: 0 }]);
  });

  it("are errors with an error status", async () => {
    const port = await serve((stream) => stream.respond({ ":status": 503 }, { endStream: true }));
    await ask(port);
    expect(await bench.measured(1)).toMatchObject([{ labels: { "error.type": "503" } }]);
  });

  it("are not pushes", async () => {
    const port = await serve((stream) => {
      stream.pushStream({ ":path": "/style" }, (_, push) =>
        push.respond({ ":status": 200 }, { endStream: true }),
      );
      stream.respond({ ":status": 200 }, { endStream: true });
    });
    await ask(port);
    expect(await bench.measured(1)).toEqual([{ labels: ok, count: 1, sum: 0 }]);
  });

  it("are none of our own port, and none after the end", async () => {
    const port = await serve((stream) => stream.respond({ ":status": 200 }, { endStream: true }));
    bench.ownPort = port;
    await ask(port);
    bench.ownPort = undefined;
    await ask(port);
    await bench.measured(1);
    bench.observer.stop();
    await ask(port);
    expect(await bench.collected()).toEqual([]);
  });

  it("are measured on after HTTP/1 is measured elsewhere", async () => {
    const port = await serve((stream) => stream.respond({ ":status": 200 }, { endStream: true }));
    bench.observer.stop("http1");
    await ask(port);
    expect(await bench.measured(1)).toMatchObject([{ labels: ok }]);
  });
});

const leaving: readonly [string, (visit: Visit) => void][] = [
  ["cancels the stream", ({ stream }) => stream.close(8)],
  ["closes the stream", ({ stream }) => stream.close()],
  ["destroys the stream", ({ stream }) => stream.destroy()],
  ["destroys the session", ({ session }) => session.destroy()],
  ["closes the connection", ({ socket }) => socket.destroy()],
  ["resets the connection", ({ socket }) => socket.resetAndDestroy()],
];

describe.for(leaving)("a client that %s", ([_, leave]) => {
  it("before the answer is no error of the server", async () => {
    const arrived = Promise.withResolvers<void>();
    const port = await serve(() => arrived.resolve());
    const visiting = visit(port);
    await arrived.promise;
    leave(visiting);
    const [point] = await bench.measured(1);
    expect(point?.labels).toEqual({ ...GET, "http.response.status_code": "499" });
  });

  it("during a stream is no error either", async () => {
    const port = await serve((stream) => {
      stream.respond({ ":status": 200, "content-type": "text/event-stream" });
      stream.write("data: 1\n\n");
    });
    const visiting = visit(port);
    await once(visiting.stream, "data");
    leave(visiting);
    const [point] = await bench.measured(1);
    expect(point?.labels).toEqual({ ...ok, "forecast.stream": "true" });
  });
});

describe("a response", () => {
  const cutOffs: readonly [string, (stream: ServerHttp2Stream) => void][] = [
    ["destroys the stream", (stream) => stream.destroy()],
    ["destroys it with an error", (stream) => stream.destroy(new Error("no"))],
    ["destroys it because another connection was reset", (stream) => stream.destroy(reset())],
    ["destroys the session", (stream) => stream.session?.destroy()],
    ["closes the stream with an error code", (stream) => stream.close(2)],
  ];

  it.for(cutOffs)("is aborted if the server %s", async ([_, cutOff]) => {
    const port = await serve((stream) => {
      stream.respond({ ":status": 200 });
      stream.write("part");
      cutOff(stream);
    });
    await ask(port);
    const [point] = await bench.measured(1);
    expect(point?.labels).toEqual({ ...GET, "error.type": "aborted" });
  });
});

function reset(): Error {
  return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
}

describe("a version of Node that reports servers, but no streams", () => {
  class Http2Server extends EventEmitter {}
  class Http2SecureServer extends EventEmitter {}
  const listens = channel("tracing:net.server.listen:asyncStart");

  /** The requests that are seen of a server, to which this is published. */
  function seenOf(server: EventEmitter, asks: (begin: (stream: object) => void) => void): unknown[] {
    const seen: unknown[] = [];
    const requests = new Http2Requests(({ stream, headers, session }) =>
      seen.push([stream.id, headers[":method"], session]),
    );
    requests.start();
    undo.push(() => requests.stop());
    listens.publish({ server });
    listens.publish({ server });
    const session = new EventEmitter();
    server.emit("session", session);
    asks((stream) => session.emit("stream", stream, { ":method": "PUT" }));
    requests.stop();
    session.emit("stream", { id: 99 }, {});
    return seen;
  }

  it.each([new Http2Server(), new Http2SecureServer()])("has requests of a %o, each once", (server) => {
    const stream = { id: 1, session: "session" };
    const seen = seenOf(server, (begin) => {
      begin(stream);
      begin({ id: 2 });
      begin({ id: 3 });
      channel("http2.server.stream.created").publish({ stream, headers: {} });
    });
    expect(seen).toEqual([
      [1, "PUT", "session"],
      [3, "PUT", undefined],
    ]);
  });

  it("listens to no other servers", () => {
    for (const server of [new EventEmitter(), Object.create(EventEmitter.prototype, { constructor: {} })]) {
      expect(seenOf(server, (begin) => begin({ id: 1 }))).toEqual([]);
      expect(server.listenerCount("session")).toBe(0);
    }
  });

  it("has requests again after a second start, also of sessions from before", () => {
    const server = new Http2Server();
    const seen: unknown[] = [];
    const requests = new Http2Requests(({ stream }) => seen.push(stream.id));
    undo.push(() => requests.stop());
    requests.start();
    listens.publish({ server });
    const session = new EventEmitter();
    server.emit("session", session);
    requests.stop();
    session.emit("stream", { id: 1 }, {});
    requests.start();
    session.emit("stream", { id: 3 }, {});
    expect(seen).toEqual([3]);
  });
});

describe("a request of HTTP/2 that has ended", () => {
  const complete = { rstCode: 0, aborted: false, writableFinished: true, errored: null };
  const served = (stream: object, headers: object = {}, session?: object) =>
    servedByHttp2({ stream: { ...complete, ...stream }, headers, session } as never);

  it("has what was asked and what was sent", () => {
    expect(served({})).toMatchObject({ method: undefined, scheme: "http", hasLength: false });
    expect(served({}).status).toBeUndefined();
    const sentHeaders = { ":status": 204, "content-type": "text/html", "content-length": 0 };
    expect(served({ sentHeaders }, { ":method": "PUT", ":scheme": "https" })).toEqual({
      method: "PUT",
      scheme: "https",
      status: 204,
      ending: "complete",
      contentType: "text/html",
      hasLength: true,
      grpcStatus: undefined,
    });
  });

  it("has the status of gRPC from its trailers, or from its only headers", () => {
    const grpcStatus = (sentHeaders: object, sentTrailers?: object) =>
      served({ sentHeaders, sentTrailers }).grpcStatus;
    expect(grpcStatus({ "grpc-status": 5 })).toBe("5");
    expect(grpcStatus({ "grpc-status": 5 }, { "grpc-status": 0 })).toBe("0");
  });

  const gone = { destroyed: true };
  it.each([
    [{}, undefined, "complete"],
    [{ aborted: true }, undefined, "left"],
    [{ aborted: true, writableFinished: false }, undefined, "cut off"],
    [{ rstCode: 8, writableFinished: false }, undefined, "left"],
    [{ rstCode: 7 }, undefined, "cut off"],
    [{ rstCode: 9 }, gone, "cut off"],
    [{ rstCode: 2, errored: reset() }, gone, "left"],
    [{ rstCode: 2, errored: reset() }, { destroyed: false }, "cut off"],
    [{ rstCode: 2, errored: reset() }, undefined, "cut off"],
    [{ rstCode: 2, errored: new Error("no") }, gone, "cut off"],
  ])("with the stream %o in the session %o is %s", (stream, session, ending) => {
    expect(served(stream, {}, session).ending).toBe(ending);
  });
});
