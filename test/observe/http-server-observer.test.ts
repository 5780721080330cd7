import { once } from "node:events";
import { createServer, type RequestListener, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HttpServerObserver } from "../../src/observe/http-server-observer.ts";
import { CollectionReader } from "../../src/otel/collection-reader.ts";
import { measuredMetrics } from "../../src/otel/measured-metrics.ts";
import { eventually } from "../eventually.ts";

const servers: Server[] = [];
let reader: CollectionReader;
let observer: HttpServerObserver;
let ownPort: number | undefined;
let clock: number;

beforeEach(() => {
  ownPort = undefined;
  clock = 0;
  reader = new CollectionReader({ maxAttributeSets: 100 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter("http");
  observer = new HttpServerObserver({
    meter: () => meter,
    elapsedMillis: () => clock,
    isOurs: (port) => port === ownPort,
  });
  observer.start();
});

afterEach(() => {
  observer.stop();
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

interface Point {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
}

/** What was measured once as many requests as that are in. */
async function measured(count: number): Promise<Point[]> {
  const points: Point[] = [];
  await eventually(async () => {
    for (const metric of measuredMetrics(await reader.collect())) {
      expect(metric).toMatchObject({ name: "http.server.request.duration", unit: "s", kind: "histogram" });
      for (const { labels, value } of metric.points) {
        if (typeof value !== "number")
          points.push({ labels: { ...labels }, count: value.count, sum: value.sum });
      }
    }
    expect(points.reduce((sum, point) => sum + point.count, 0)).toBe(count);
  });
  return points;
}

describe("requests to any HTTP server of the process", () => {
  it("are measured with method, scheme and status, and without any data of the request", async () => {
    const port = await serve((_, response) => {
      clock += 250;
      response.writeHead(201).end("ok");
    });
    expect(await ask(port)).toBe(201);
    expect(await measured(1)).toEqual([
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
    const [point] = await measured(1);
    expect(point?.labels).toMatchObject({ "http.response.status_code": String(status) });
    expect(point?.labels["error.type"]).toBe(error);
  });

  it("have no method that the conventions do not list", async () => {
    const port = await serve((_, response) => response.end());
    await ask(port, "PROPFIND");
    await ask(port, "DELETE");
    const methods = (await measured(2)).map(({ labels }) => labels["http.request.method"]);
    expect(methods).toEqual(["_OTHER", "DELETE"]);
  });

  it("whose client goes away before the answer are aborted, whatever the status", async () => {
    const arrived = Promise.withResolvers<void>();
    const port = await serve(() => arrived.resolve());
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await arrived.promise;
    socket.destroy();
    const [point] = await measured(1);
    expect(point?.labels).toEqual({
      "http.request.method": "GET",
      "url.scheme": "http",
      "error.type": "aborted",
    });
  });

  it("whose answer the server cuts off are aborted too", async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { "content-length": 100 }).write("half");
      response.destroy();
    });
    await ask(port).catch(() => {});
    const [point] = await measured(1);
    expect(point?.labels).toMatchObject({ "error.type": "aborted" });
  });

  it("are counted one by one on a kept connection", async () => {
    const port = await serve((_, response) => response.end());
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /1 HTTP/1.1\r\nhost: x\r\n\r\nGET /2 HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(await measured(2)).toMatchObject([{ count: 2 }]);
    socket.destroy();
  });
});

describe("what is not the application's traffic", () => {
  it("is left out: our own port", async () => {
    const theirs = await serve((_, response) => response.end());
    ownPort = await serve((_, response) => response.end());
    await ask(ownPort);
    await ask(theirs, "POST");
    expect(await measured(1)).toMatchObject([{ labels: { "http.request.method": "POST" } }]);
  });

  it("is work after the end", async () => {
    const port = await serve((_, response) => response.end());
    await ask(port);
    await measured(1);
    observer.stop();
    await ask(port);
    await new Promise((resolve) => setImmediate(resolve));
    const later = measuredMetrics(await reader.collect());
    expect(later.filter(({ points }) => points.length > 0)).toEqual([]);
  });
});
