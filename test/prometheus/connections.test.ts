import { createServer, get, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterEach, describe, expect, it } from "vitest";
import { Connections } from "../../src/prometheus/connections.ts";
import { waitFor } from "../e2e/harness/wait-for.ts";

const LIMITS = {
  connections: 1000,
  handshakeMillis: 1_000_000,
  stalledMillis: 150,
  checkMillis: 20,
  stalled: 1000,
};
/** More than the system buffers for a client that does not read. */
const PAGE = Array.from({ length: 256 }, () => Buffer.alloc(65_536, "x"));
const PAGE_LENGTH = 16 * 1024 * 1024;

const cleanups: (() => unknown)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A server whose `/page` is large, and whose `/never` is never answered. */
async function served(limits: Partial<typeof LIMITS> = {}): Promise<{ port: number; server: Server }> {
  const connections = new Connections({ ...LIMITS, ...limits });
  const server = createServer((request, response) => {
    connections.answers(request.socket, response);
    if (request.url === "/page") void pipeline(Readable.from(PAGE), response).catch(() => {});
    else if (request.url !== "/never") response.end("ok");
  });
  server.on("connection", (socket) => connections.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(
    () => connections.destroyAll(),
    () => server.close(),
  );
  return { port: (server.address() as AddressInfo).port, server };
}

/** A client that writes a text and never reads. */
async function client(port: number, text: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").pause();
  socket.on("error", () => {});
  cleanups.push(() => socket.destroy());
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(text);
  return socket;
}

function asked(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
}

async function haveConnections(server: Server, count: number): Promise<void> {
  const isSo = async () => (await connectionsOf(server)) === count || undefined;
  expect(await waitFor(`${count} connections`, isSo)).toBe(true);
}

function answered(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get({ port, path, agent: false }, (response) => {
      let bytes = 0;
      response.on("data", (part: Buffer) => {
        bytes += part.length;
      });
      response.on("end", () => resolve(bytes));
      response.on("error", reject);
    });
    request.on("error", reject);
  });
}

describe("a client that never reads", () => {
  it("is cut off", async () => {
    const { port, server } = await served();
    await client(port, asked("/page"));
    await haveConnections(server, 1);
    await haveConnections(server, 0);
  });

  it("is cut off although it asks for more all the time", async () => {
    const { port, server } = await served();
    const socket = await client(port, asked("/page"));
    const timer = setInterval(() => socket.write(asked("/page")), 20);
    cleanups.push(() => clearInterval(timer));
    await haveConnections(server, 1);
    await haveConnections(server, 0);
  });

  it("is cut off at once where there are too many like it", async () => {
    const { port, server } = await served({ stalledMillis: 1_000_000, stalled: 3 });
    for (let i = 0; i < 8; i += 1) await client(port, asked("/page"));
    await haveConnections(server, 3);
  });
});

describe("a client that is not cut off", () => {
  it("reads a little at a time, for longer than a client may take nothing", async () => {
    const { port } = await served({ stalledMillis: 1500 });
    const socket = await client(port, asked("/page"));
    let bytes = 0;
    socket.on("data", (part) => {
      bytes += part.length;
      socket.pause();
      setTimeout(() => socket.resume(), 10);
    });
    socket.resume();
    await waitFor("the whole page", () => bytes > PAGE_LENGTH || socket.destroyed || undefined);
    expect(bytes).toBeGreaterThan(PAGE_LENGTH);
  });

  it("waits for an answer that takes long to make", async () => {
    const { port, server } = await served({ stalledMillis: 20 });
    await client(port, asked("/never"));
    await haveConnections(server, 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await connectionsOf(server)).toBe(1);
  });
});

describe("beyond the maximum of connections", () => {
  it("a new client replaces the oldest that asks for nothing", async () => {
    const { port, server } = await served({ connections: 5 });
    const idle = await Promise.all(Array.from({ length: 30 }, () => client(port, "GET /half")));
    await haveConnections(server, 5);
    expect(await answered(port, "/")).toBe(2);
    expect(await answered(port, "/page")).toBe(PAGE_LENGTH);
    expect(idle).toHaveLength(30);
  });

  it.each([1, 5])("a new client replaces one of %i that never read", async (connections) => {
    const { port, server } = await served({ connections, stalledMillis: 1_000_000 });
    for (let i = 0; i < connections; i += 1) await client(port, asked("/page"));
    await haveConnections(server, connections);
    await waitFor("an answer", () => answered(port, "/").catch(() => undefined));
    expect(await connectionsOf(server)).toBeLessThanOrEqual(connections);
  });

  it("a new client is refused while all others wait for their answers", async () => {
    const { port, server } = await served({ connections: 3 });
    for (let i = 0; i < 3; i += 1) await client(port, asked("/never"));
    await haveConnections(server, 3);
    await expect(answered(port, "/")).rejects.toThrow("socket hang up");
    expect(await connectionsOf(server)).toBe(3);
  });
});
