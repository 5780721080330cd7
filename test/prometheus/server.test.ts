import dns from "node:dns";
import { once } from "node:events";
import { createServer, get, type RequestListener, Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MetricsServer, type MetricsServerOptions } from "../../src/prometheus/server.ts";
import { Door } from "../../src/prometheus/web/door.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { eventually, until } from "../eventually.ts";

// The server uses the timers of Node, not the global ones. Here a test moves them.
vi.mock("node:timers", async (importOriginal) => ({
  ...(await importOriginal<typeof import("node:timers")>()),
  setTimeout: (...args: Parameters<typeof setTimeout>) => globalThis.setTimeout(...args),
  clearTimeout: (timer: NodeJS.Timeout) => globalThis.clearTimeout(timer),
}));

const cleanups: (() => unknown)[] = [];
const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
const sayHello: RequestListener = (_, response) => response.end("hello");

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
});

afterEach(async () => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  diag.disable();
});

function serverOf(options: Partial<MetricsServerOptions> = {}, onRequest = sayHello): MetricsServer {
  const server = new MetricsServer({ host: "localhost", port: 0, retryMillis: 5, ...options }, onRequest);
  cleanups.push(() => server.shutdown());
  return server;
}

/** A server that takes the port, like another process. */
async function occupiedPort(): Promise<{ port: number; free: () => Promise<unknown> }> {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const free = async (): Promise<void> => {
    if (!blocker.listening) return;
    blocker.close();
    await once(blocker, "close");
  };
  cleanups.push(free);
  return { port: (blocker.address() as AddressInfo).port, free };
}

async function connected(server: MetricsServer): Promise<Socket> {
  const socket = connect(server.port as number, "127.0.0.1");
  cleanups.push(() => socket.destroy());
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

async function body(server: MetricsServer): Promise<string> {
  return (await fetch(`http://127.0.0.1:${server.port}/`)).text();
}

describe("a server whose port is in use", () => {
  it("starts nevertheless, logs it once, and listens as soon as the port is free", async () => {
    const { port, free } = await occupiedPort();
    const server = serverOf({ port });
    await server.start();
    expect(server.port).toBeUndefined();
    await eventually(() => expect(logger.error).toHaveBeenCalled());
    await free();
    await eventually(() => expect(server.port).toBe(port));
    expect(await body(server)).toBe("hello");
    expect(logger.error).toHaveBeenCalledTimes(1);
    expect(logger.error.mock.calls[0]?.[0]).toContain(
      `cannot listen on localhost:${port} (listen EADDRINUSE`,
    );
    expect(logger.info).toHaveBeenCalledWith(
      `otel-forecast: prometheus endpoint: listening on localhost:${port} now`,
    );
  });

  it("waits twice as long before each further attempt, and at most 30 s", async () => {
    const { port } = await occupiedPort();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const timeout = vi.spyOn(globalThis, "setTimeout");
    const waits = (): unknown[] =>
      timeout.mock.calls.map(([, millis]) => millis).filter((millis) => Number(millis) > 5000);
    const server = serverOf({ port, retryMillis: 8000 });
    await server.start();
    for (let attempts = 1; attempts < 4; attempts += 1) {
      await until(() => waits().length >= attempts);
      vi.runOnlyPendingTimers();
    }
    await until(() => waits().length >= 4);
    expect(waits()).toEqual([8000, 16_000, 30_000, 30_000]);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it("does not retry after shutdown", async () => {
    const { port, free } = await occupiedPort();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const server = serverOf({ port });
    await server.start();
    await server.shutdown();
    await free();
    const listen = vi.spyOn(Server.prototype, "listen");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(listen).not.toHaveBeenCalled();
    listen.mockRestore();
  });
});

it("the endpoint's server is seen by no instrumentation of servers, whenever the instrumentation patches `emit`", async () => {
  const emit = vi.spyOn(Server.prototype, "emit");
  const server = serverOf({}, (request, response) => {
    Object.assign((request.socket as Socket & { server: Server }).server, { emit });
    sayHello(request, response as never);
  });
  await server.start();
  expect([await body(server), await body(server)]).toEqual(["hello", "hello"]);
  expect(emit).not.toHaveBeenCalled();
  emit.mockRestore();
});

describe("a server whose port the application also wants", () => {
  it.each([undefined, "127.0.0.1", "localhost"])(
    "frees the port before the application listens, on host %s",
    async (host) => {
      const server = serverOf({ port: await freePort() });
      await server.start();
      const { port } = server;
      const application = createServer();
      cleanups.push(async () => application.close());
      application.listen(port, host);
      await once(application, "listening");
      expect(server.hasFailedToListen).toBe(true);
      expect(logger.warn).toHaveBeenCalledWith(
        expect.stringContaining(`the application listens on localhost:${port} itself`),
      );
      application.close();
      await eventually(() => expect(server.port).toBe(port));
      expect(await body(server)).toBe("hello");
    },
  );

  it("waits for the application, however long it takes to look up its host", async () => {
    const server = serverOf({ port: await freePort(), retryMillis: 5 });
    await server.start();
    const { port } = server;
    const lookup = dns.lookup as (...args: unknown[]) => void;
    const slow = vi.spyOn(dns, "lookup").mockImplementation(((...args: unknown[]) => {
      setTimeout(() => lookup(...args), args[0] === "localhost" ? 300 : 0);
    }) as typeof dns.lookup);
    cleanups.push(async () => slow.mockRestore());
    const application = createServer();
    cleanups.push(async () => application.close());
    application.listen(port, "localhost");
    await once(application, "listening");
    application.close();
    await eventually(() => expect(server.port).toBe(port));
  });

  it("adds no error to Node's own if the application asks for an invalid port", async () => {
    const uncaught = vi.fn();
    process.on("uncaughtException", uncaught);
    cleanups.push(async () => process.off("uncaughtException", uncaught));
    const server = serverOf({ port: await freePort() });
    await server.start();
    for (const port of [Symbol("port"), { valueOf: () => Symbol("port") }])
      expect(() => createServer().listen({ port: port as never })).toThrow();
    await new Promise((turned) => setImmediate(turned));
    expect(uncaught).not.toHaveBeenCalled();
    expect(await body(server)).toBe("hello");
  });

  it("keeps the port if the application wants another port, or the same port of another address", async () => {
    const server = serverOf({ port: await freePort() });
    await server.start();
    const application = createServer();
    cleanups.push(async () => application.close());
    application.listen(server.port, "127.0.0.2");
    await once(application, "listening");
    expect(await body(server)).toBe("hello");
  });
});

describe("a server that can never listen", () => {
  it("logs it and does not retry", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const listen = vi.spyOn(Server.prototype, "listen");
    const server = serverOf({ host: "no such host" });
    await server.start();
    expect(logger.error.mock.calls[0]?.[0]).toContain("cannot listen on no such host:0");
    expect(logger.error.mock.calls[0]?.[0]).toContain("metrics are not served");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(listen).toHaveBeenCalledTimes(1);
    listen.mockRestore();
  });
});

describe("start", () => {
  it("starts once, however often it is called", async () => {
    const server = serverOf();
    await Promise.all([server.start(), server.start()]);
    await server.start();
    expect(await body(server)).toBe("hello");
  });

  it("has no effect if shutdown comes before it is done", async () => {
    const server = serverOf();
    const starting = server.start();
    await server.shutdown();
    await starting;
    await eventually(() => expect(server.port).toBeUndefined());
  });
});

describe("shutdown", () => {
  it("closes idle connections at once: kept-alive, half-open and with an incomplete request", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const server = serverOf();
    await server.start();
    const halfOpen = await connected(server);
    const halfAsked = await connected(server);
    halfAsked.write("GET / HTTP/1.1\r\nHost: x\r\n");
    const keptAlive = await connected(server);
    keptAlive.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(keptAlive, "data");
    const closed = [halfOpen, halfAsked, keptAlive].map((socket) => once(socket, "close"));
    await server.shutdown();
    await Promise.all(closed);
    await expect(body(server)).rejects.toThrow();
  });

  it("lets an open request finish, then closes its connection", async () => {
    const letGo = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const server = serverOf({}, (request, response) => {
      // If the connection stayed alive, the shutdown would take an hour.
      Object.assign((request.socket as Socket & { server: Server }).server, { keepAliveTimeout: 3_600_000 });
      asked.resolve();
      void letGo.promise.then(() => response.end("late"));
    });
    await server.start();
    const answer = body(server);
    await asked.promise;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const stopping = server.shutdown();
    letGo.resolve();
    expect(await answer).toBe("late");
    await stopping;
  });

  it("gives up a request that takes longer than a second", async () => {
    const asked = Promise.withResolvers<void>();
    const server = serverOf({}, () => asked.resolve());
    await server.start();
    const request = get({ host: "127.0.0.1", port: server.port, agent: false });
    const failed = once(request, "error");
    await asked.promise;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const stopping = server.shutdown();
    vi.advanceTimersByTime(1000);
    await stopping;
    expect(String(await failed.catch((error) => error))).toContain("socket hang up");
  });

  it("can be called twice, and without a start", async () => {
    const server = serverOf();
    await server.shutdown();
    await server.shutdown();
    await server.start();
    expect(server.port).toBeUndefined();
  });
});

describe("a process with a server", () => {
  it("is not kept running by the server or by a connection to it", async () => {
    const { execFile } = await import("node:child_process");
    const script = `
      import { connect } from "node:net";
      import { once } from "node:events";
      import { MetricsServer } from ${JSON.stringify(new URL("../../src/prometheus/server.ts", import.meta.url))};
      const server = new MetricsServer(
        { host: "localhost", port: 0, retryMillis: 5 },
        (_, response) => response.end(),
      );
      await server.start();
      const client = connect(server.port, "127.0.0.1").unref();
      client.ref(); await once(client, "connect"); client.unref();
      process.on("beforeExit", () => console.log("nothing left to do"));
    `;
    const output = await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, ["--input-type=module", "-e", script], (error, stdout) =>
        error ? reject(error) : resolve(stdout.trim()),
      );
    });
    expect(output).toBe("nothing left to do");
  });
});

it("serves nothing where no server can be created, such as in a test that has replaced it", async () => {
  const door = new Door({ host: "localhost", webConfig: undefined });
  door.createServer = () => {
    throw new Error("replaced");
  };
  const server = serverOf({ door });
  await server.start();
  expect(server.isHopeless).toBe(true);
  expect(logger.error.mock.calls).toEqual([
    ["otel-forecast: prometheus endpoint: cannot listen on localhost:0 (replaced); metrics are not served"],
  ]);
});

it("closes the connection of a request whose answer throws, and answers the next", async () => {
  let isBroken = true;
  const server = serverOf({}, (request, response) => {
    if (isBroken) throw new Error("replaced");
    sayHello(request, response);
  });
  await server.start();
  await expect(body(server)).rejects.toThrow("fetch failed");
  isBroken = false;
  expect(await body(server)).toBe("hello");
});
