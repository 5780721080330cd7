import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, connect as connectPlain, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { connect } from "node:tls";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "vitest";
import { webConfigFile } from "../../../src/config/web/web-config-file.ts";
import { Connections } from "../../../src/prometheus/connections.ts";
import { createSecureServer, Handshakes } from "../../../src/prometheus/web/secure-connections.ts";
import { WebAccess } from "../../../src/prometheus/web/web-access.ts";
import { eventually } from "../../eventually.ts";
import { pem, TLS, USERS } from "./protected-endpoint.ts";

const NEVER = 1_000_000;
const LIMITS = {
  connections: 512,
  handshakeMillis: NEVER,
  stalledMillis: NEVER,
  checkMillis: 20,
  stalled: 64,
};
/** The first bytes of a handshake, which then says no more. */
const BEGINNING = "\x16\x03\x01\x02\x00\x01";

const cleanups: (() => unknown)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

/** A server that answers each request with "ok", except those of `/never`. */
async function served(content: string, limits: Partial<typeof LIMITS> = {}): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-secure-"));
  cpSync(resolve(import.meta.dirname, "../../fixtures/web"), folder, { recursive: true });
  writeFileSync(join(folder, "web.yml"), content);
  const access = new WebAccess(webConfigFile(join(folder, "web.yml")), {
    rejects: () => undefined,
    onReadAgain: () => {},
  });
  const connections = new Connections({ ...LIMITS, ...limits });
  const server = createSecureServer(access, connections);
  server.on("connection", (socket) => connections.add(socket));
  server.on("request", (request, response) => {
    connections.answers(request.socket, response);
    if (request.url !== "/never") response.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(
    () => rmSync(folder, { recursive: true }),
    () => server.close(),
    () => connections.destroyAll(),
  );
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function openTo(server: Server): Promise<number> {
  return new Promise((done) => server.getConnections((_, count) => done(count)));
}

/** A client that writes a text and no more. */
async function silent(server: Server, text = ""): Promise<Socket> {
  const socket = connectPlain(portOf(server), "127.0.0.1").on("error", () => {});
  cleanups.push(() => socket.destroy());
  await once(socket, "connect");
  socket.write(text);
  return socket.resume();
}

async function encrypted(server: Server): Promise<Socket> {
  const socket = connect({
    port: portOf(server),
    host: "127.0.0.1",
    ca: pem("authority.crt"),
    servername: "localhost",
  });
  socket.on("error", () => {});
  cleanups.push(() => socket.destroy());
  await once(socket, "secureConnect");
  return socket;
}

const asked = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

async function answerTo(socket: Socket): Promise<string> {
  socket.write(asked("/"));
  return String(await once(socket, "data"));
}

describe("a handshake that never finishes", () => {
  it.each(["", BEGINNING])("is cut off after its time, having said %j", async (text) => {
    const server = await served(TLS, { handshakeMillis: 100 });
    const client = await silent(server, text);
    await once(client, "close");
    await eventually(async () => expect(await openTo(server)).toBe(0));
  });

  it("leaves nothing behind", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const handshakes = new Handshakes(new Connections(LIMITS), ["http/1.1"]);
    const access = { current: () => Promise.reject(new Error("no file")) } as unknown as WebAccess;
    const begun = async (): Promise<WeakRef<Socket>> => {
      const socket = new Socket();
      const gone = once(socket, "close");
      await handshakes.begin(socket, access, () => {});
      await gone;
      return new WeakRef(socket);
    };
    const socket = await begun();
    // A weak reference is kept until the end of the turn in which it was made.
    await nextTurn();
    collectGarbage();
    expect(socket.deref()).toBeUndefined();
    expect(handshakes).toBeDefined();
  });

  it("counts among the connections of the port: a new one replaces the oldest of all", async () => {
    const server = await served(TLS, { connections: 4 });
    const first = await encrypted(server);
    expect(await answerTo(first)).toContain("200 OK");
    const waiting = [await silent(server), await silent(server, BEGINNING), await silent(server)];
    await eventually(async () => expect(await openTo(server)).toBe(4));
    const gone = once(first, "close");
    waiting.push(await silent(server));
    await gone;
    const next = once(waiting[0] as Socket, "close");
    expect(await answerTo(await encrypted(server))).toContain("200 OK");
    await next;
    expect(await openTo(server)).toBe(4);
  });

  it("finds no place while all connections wait for their answers", async () => {
    const server = await served(TLS, { connections: 1 });
    const hasAsked = once(server, "request");
    (await encrypted(server)).write(asked("/never"));
    await hasAsked;
    await once(await silent(server), "close");
    await expect(encrypted(server)).rejects.toThrow();
    expect(await openTo(server)).toBe(1);
  });
});

describe("a handshake that finishes in time", () => {
  it("leaves a connection that may stay", async () => {
    const server = await served(TLS, { handshakeMillis: 1000 });
    const client = await encrypted(server);
    // Its handshake began later, so the time of the first is over too.
    await once(await silent(server), "close");
    expect(await answerTo(client)).toContain("200 OK");
  });

  it("leaves a connection that counts once", async () => {
    const server = await served(TLS, { connections: 2 });
    const clients = [await encrypted(server), await encrypted(server)];
    for (const client of clients) expect(await answerTo(client)).toContain("200 OK");
  });

  it("leaves a connection without encryption where the file asks for none", async () => {
    const server = await served(USERS, { handshakeMillis: 20 });
    const accepted = once(server, "connection");
    const client = await silent(server);
    await accepted;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await answerTo(client)).toContain("200 OK");
  });
});
