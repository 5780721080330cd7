import { once } from "node:events";
import { Socket } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Connections } from "../../src/prometheus/connections.ts";

vi.mock("node:timers", () => globalThis);

/** What a server has without other limits (docs/classes.md, docs/reliability.md). */
const [CONNECTIONS, STALLED, CUT_OFF_MILLIS, CHECK_MILLIS] = [512, 16, 10_000, 1000];

let connections: Connections;
let sockets: Socket[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  connections = new Connections();
  sockets = [];
});
afterEach(() => {
  vi.useRealTimers();
  for (const socket of sockets) socket.destroy();
});

function socketOf(): Socket {
  const socket = new Socket().on("error", () => {});
  sockets.push(socket);
  return socket;
}

/** A connection whose client has not taken what was written. */
function stalled(): Socket {
  const socket = socketOf();
  connections.add(socket);
  // It cannot connect before the test is over, which never waits.
  socket.connect(1, "127.0.0.1").write("page");
  return socket;
}

it("cuts off a handshake after ten seconds, and not before", () => {
  const socket = socketOf();
  connections.addHandshake(socket);
  vi.advanceTimersByTime(CUT_OFF_MILLIS - 1);
  expect(socket.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(socket.destroyed).toBe(true);
});

it("cuts off a client that has taken nothing for ten seconds, and not before", () => {
  const socket = stalled();
  vi.advanceTimersByTime(CUT_OFF_MILLIS - 1);
  expect(socket.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(socket.destroyed).toBe(true);
});

it("lets a client that asks for nothing stay", () => {
  const socket = socketOf();
  connections.add(socket);
  vi.advanceTimersByTime(10 * CUT_OFF_MILLIS);
  expect(socket.destroyed).toBe(false);
});

it("cuts off those that have taken nothing for longest where there are more than sixteen", () => {
  const early = [stalled(), stalled()];
  vi.advanceTimersByTime(CHECK_MILLIS);
  const late = Array.from({ length: STALLED - 2 }, stalled);
  vi.advanceTimersByTime(CHECK_MILLIS);
  expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([]);
  late.push(stalled());
  vi.advanceTimersByTime(CHECK_MILLIS);
  expect(early.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  expect(late.filter(({ destroyed }) => destroyed)).toEqual([]);
});

it("has room for 512 connections, beyond which a new one replaces the oldest", () => {
  for (let open = 0; open < CONNECTIONS; open += 1) connections.add(socketOf());
  expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([]);
  connections.add(socketOf());
  expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([sockets[0]]);
});

it("has no timer before the first connection, and none after the last", async () => {
  expect(vi.getTimerCount()).toBe(0);
  const [first, second] = [socketOf(), socketOf()];
  for (const socket of [first, second]) connections.add(socket);
  expect(vi.getTimerCount()).toBe(1);
  await closed(first);
  expect(vi.getTimerCount()).toBe(1);
  await closed(second);
  expect(vi.getTimerCount()).toBe(0);
});

async function closed(socket: Socket): Promise<void> {
  const isClosed = once(socket, "close");
  socket.destroy();
  await isClosed;
}
