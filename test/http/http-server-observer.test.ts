import { hasSubscribers } from "node:diagnostics_channel";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
  ServerResponse,
} from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HttpServerObserver } from "../../src/http/http-server-observer.ts";
import { HttpBench } from "./bench-of-http.ts";

/** Node's channels that tell of requests and of servers. */
const CHANNELS = [
  "http.server.request.start",
  "http2.server.stream.created",
  "tracing:net.server.listen:asyncStart",
];
const servers: Server[] = [];
let bench: HttpBench;

beforeEach(() => {
  bench = new HttpBench();
  bench.observer.start();
});

afterEach(() => {
  bench.observer.stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(onRequest: RequestListener): Promise<number> {
  const server = createServer(onRequest).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function ask(port: number, method = "GET", path = "/secret?id=1"): Promise<number> {
  const asked = request({ port, host: "127.0.0.1", method, path, agent: false }).end();
  const [response] = await once(asked, "response");
  response.resume();
  await once(response, "end");
  return response.statusCode;
}

/** Leaves as soon as some of the answer is there. */
async function leaveAfterFirstPart(port: number): Promise<void> {
  const asked = request({ port, host: "127.0.0.1", agent: false })
    .on("error", () => {})
    .end();
  const [response] = await once(asked, "response");
  await once(response, "data");
  asked.destroy();
}

/** As a proxy does whose own connection was reset: the same code as that of a client that leaves. */
function giveUp(response: ServerResponse): void {
  response.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
}

it("has the boundaries of the convention", async () => {
  const boundaries: unknown[] = [];
  const meter = new MeterProvider().getMeter("http");
  const createHistogram = meter.createHistogram.bind(meter);
  meter.createHistogram = (name, options) => {
    boundaries.push([name, options?.advice?.explicitBucketBoundaries]);
    return createHistogram(name, options);
  };
  const meters = { http1: () => meter, http2: () => meter };
  const observer = new HttpServerObserver({ meters, elapsedMillis: () => 0, isOurs: () => false });
  observer.start();
  const port = await serve((_, response) => response.end());
  await ask(port);
  observer.stop();
  // https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpserverrequestduration
  const seconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
  expect(boundaries[0]).toEqual(["http.server.request.duration", seconds]);
});

class OddAtTheStart<Request extends IncomingMessage> extends ServerResponse<Request> {
  override once(event: string, ...given: [never]): this {
    if (event === "close") throw new Error("odd");
    return super.once(event, ...given);
  }
}

class OddAtTheEnd<Request extends IncomingMessage> extends ServerResponse<Request> {}
Object.defineProperty(OddAtTheEnd.prototype, "headersSent", {
  get() {
    throw new Error("odd");
  },
});

it.each([OddAtTheStart, OddAtTheEnd])(
  "lets responses of the application throw when they are read: %o",
  async (odd) => {
    const uncaught = vi.fn();
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException").on("uncaughtException", uncaught);
    const server = createServer({ ServerResponse: odd }, (_, response) => response.end("ok"));
    servers.push(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    expect(await ask((server.address() as AddressInfo).port)).toBe(200);
    const plain = await serve((_, response) => response.end());
    await ask(plain);
    expect(await bench.measured(1)).toHaveLength(1);
    expect(uncaught.mock.calls).toEqual([]);
    process.removeAllListeners("uncaughtException");
    for (const other of others) process.on("uncaughtException", other);
  },
);

it("leaves the application as many listeners of a response as before, without a warning of a leak", async () => {
  const warn = vi.spyOn(process, "emitWarning");
  const port = await serve((_, response) => {
    for (let listener = 0; listener < 10; listener += 1) response.on("close", () => {});
    response.end();
  });
  await ask(port);
  await bench.measured(1);
  expect(warn.mock.calls).toEqual([]);
  warn.mockRestore();
});

describe("requests to any HTTP server of the process", () => {
  it("are measured with method, scheme and status, and without any data of the request", async () => {
    const port = await serve((_, response) => {
      bench.clock += 250;
      response.writeHead(201).end("ok");
    });
    expect(await ask(port)).toBe(201);
    expect(await bench.measured(1)).toEqual([
      {
        labels: { "http.request.method": "GET", "url.scheme": "http", "http.response.status_code": "201" },
        count: 1,
        sum: 0.25,
      },
    ]);
  });

  it.each([
    [500, "500"],
    [503, "503"],
    [404, undefined],
    [301, undefined],
  ])("that get %d bear the error %s", async (status, error) => {
    const port = await serve((_, response) => response.writeHead(status).end());
    await ask(port);
    const [point] = await bench.measured(1);
    expect(point?.labels).toMatchObject({ "http.response.status_code": String(status) });
    expect(point?.labels["error.type"]).toBe(error);
  });

  it("have no method that the conventions do not list", async () => {
    const port = await serve((_, response) => response.end());
    await ask(port, "PROPFIND");
    await ask(port, "DELETE");
    const methods = (await bench.measured(2)).map(({ labels }) => labels["http.request.method"]);
    expect(methods).toEqual(["_OTHER", "DELETE"]);
  });

  it.each([
    ["closes the connection", (socket: Socket) => socket.destroy()],
    ["ends the connection", (socket: Socket) => socket.end()],
    ["resets the connection", (socket: Socket) => socket.resetAndDestroy()],
  ])("are no errors if the client %s before the answer", async (_, leave) => {
    const arrived = Promise.withResolvers<void>();
    const port = await serve(() => arrived.resolve());
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await arrived.promise;
    leave(socket);
    const [point] = await bench.measured(1);
    expect(point?.labels).toEqual({
      "http.request.method": "GET",
      "url.scheme": "http",
      "http.response.status_code": "499",
    });
  });

  it("are no errors if the client leaves while it sends", async () => {
    const arrived = Promise.withResolvers<void>();
    const port = await serve(() => arrived.resolve());
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\npart");
    await arrived.promise;
    socket.destroy();
    const [point] = await bench.measured(1);
    expect(point?.labels["error.type"]).toBeUndefined();
  });

  it("are errors if the client leaves after an error status", async () => {
    const port = await serve((_, response) => response.writeHead(503).write("part"));
    await leaveAfterFirstPart(port);
    const [point] = await bench.measured(1);
    expect(point?.labels).toMatchObject({ "error.type": "503" });
  });

  it.each([
    ["destroys the response", (_: IncomingMessage, response: ServerResponse) => response.destroy()],
    [
      "destroys the response with an error",
      (_: IncomingMessage, response: ServerResponse) => giveUp(response),
    ],
    ["destroys the connection", ({ socket }: IncomingMessage) => socket.destroy()],
  ])("are aborted if the server %s", async (_, cutOff) => {
    const port = await serve((request, response) => {
      response
        .on("error", () => {})
        .writeHead(200, { "content-length": 100 })
        .write("half");
      cutOff(request, response);
    });
    await ask(port).catch(() => {});
    const [point] = await bench.measured(1);
    expect(point?.labels).toEqual({
      "http.request.method": "GET",
      "url.scheme": "http",
      "error.type": "aborted",
    });
  });

  it("are counted one by one on a kept connection", async () => {
    const port = await serve((_, response) => response.end());
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /1 HTTP/1.1\r\nhost: x\r\n\r\nGET /2 HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(await bench.measured(2)).toMatchObject([{ count: 2 }]);
    socket.destroy();
  });
});

describe("streams", () => {
  it.each([
    [
      "an event stream, with setHeader",
      (response: ServerResponse) =>
        response.setHeader("Content-Type", "text/event-stream; charset=utf-8").writeHead(200),
    ],
    [
      "an event stream, with writeHead",
      (response: ServerResponse) => response.writeHead(200, { "content-type": "Text/Event-Stream" }),
    ],
    [
      "text that is streamed",
      (response: ServerResponse) => response.writeHead(200, { "content-type": "text/plain" }),
    ],
  ])("are no errors if the client leaves %s, and are marked", async (_, head) => {
    const port = await serve((__, response) => {
      head(response).write("data: 1\n\n");
      bench.clock += 3_600_000;
    });
    await leaveAfterFirstPart(port);
    const [point] = await bench.measured(1);
    expect(point?.labels).toEqual({
      "http.request.method": "GET",
      "url.scheme": "http",
      "http.response.status_code": "200",
      "forecast.stream": "true",
    });
  });

  it("are marked if they are complete, and only event streams are", async () => {
    const port = await serve(({ url }, response) =>
      response
        .writeHead(200, { "content-type": url === "/events" ? "text/event-stream" : "text/plain" })
        .end(),
    );
    await ask(port, "GET", "/events");
    await ask(port, "POST", "/text");
    const marks = (await bench.measured(2)).map(({ labels }) => labels["forecast.stream"]);
    expect(marks).toEqual(["true", undefined]);
  });

  it("are aborted if the server cuts them off", async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
      response.destroy();
    });
    await ask(port).catch(() => {});
    const [point] = await bench.measured(1);
    expect(point?.labels).toMatchObject({ "error.type": "aborted", "forecast.stream": "true" });
  });

  it("that end before they are complete for another reason than the stream are no streams", async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { "content-length": 100 }).write("half");
    });
    await leaveAfterFirstPart(port);
    const [point] = await bench.measured(1);
    expect(point?.labels).toMatchObject({ "http.response.status_code": "499" });
    expect(point?.labels["forecast.stream"]).toBeUndefined();
  });
});

describe("what is not the application's traffic", () => {
  it("is left out: our own port", async () => {
    const theirs = await serve((_, response) => response.end());
    bench.ownPort = await serve((_, response) => response.end());
    await ask(bench.ownPort);
    await ask(theirs, "POST");
    expect(await bench.measured(1)).toMatchObject([{ labels: { "http.request.method": "POST" } }]);
  });

  it("is work after the end", async () => {
    const port = await serve((_, response) => response.end());
    await ask(port);
    await bench.measured(1);
    bench.observer.stop();
    await ask(port);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await bench.collected()).toEqual([]);
  });

  it("is work after the end for Node itself, which makes no messages that nobody hears", () => {
    const heard = () => CHANNELS.filter((name) => hasSubscribers(name));
    expect(heard()).toEqual(CHANNELS);
    bench.observer.stop();
    expect(heard()).toEqual([]);
  });
});
