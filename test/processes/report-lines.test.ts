import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { end, onLines, parsed, Stalled, sendLine } from "../../src/processes/report-lines.ts";

vi.mock("node:timers", () => globalThis);

/** A connection, as far as lines need one. */
class StandInSocket extends EventEmitter {
  destroyed = false;
  writableLength = 0;
  readonly done: unknown[][] = [];
  timeout: { millis: number; passes: () => void } | undefined;
  ended = () => {};

  unref = () => void this.done.push(["unref"]);
  setEncoding = (encoding: string) => void this.done.push(["encoding", encoding]);
  write = (text: string) => void this.done.push(["write", text]);
  setTimeout = (millis: number, passes: () => void) => {
    this.timeout = { millis, passes };
  };
  destroy = (error?: Error) => {
    this.destroyed = true;
    this.done.push(["destroy", error]);
  };
  end = (ended: () => void) => {
    this.ended = ended;
  };
}

let socket: StandInSocket;
const asSocket = () => socket as unknown as Socket;

beforeEach(() => {
  socket = new StandInSocket();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the lines of a connection", () => {
  it("are handed on when they are whole, as text that may be cut anywhere", () => {
    const lines: string[] = [];
    onLines(asSocket(), (line) => lines.push(line));
    expect(socket.done).toEqual([["unref"], ["encoding", "utf8"]]);
    for (const part of ["o", "ne\ntw", "o\n", "\nthree\nfour\nfi"]) socket.emit("data", part);
    expect(lines).toEqual(["one", "two", "", "three", "four"]);
    socket.emit("data", "ve\n");
    expect(lines.at(-1)).toBe("five");
  });

  it("end at one after which the connection is closed", () => {
    const lines: string[] = [];
    onLines(asSocket(), (line) => {
      lines.push(line);
      socket.destroy();
    });
    socket.emit("data", "one\ntwo\n");
    expect(lines).toEqual(["one"]);
  });

  it("have at most 32 MiB", () => {
    const lines: number[] = [];
    onLines(asSocket(), (line) => lines.push(line.length));
    const most = "x".repeat(32 * 1024 * 1024);
    socket.emit("data", most);
    expect(socket.destroyed).toBe(false);
    socket.emit("data", "\n");
    socket.emit("data", most);
    socket.emit("data", "x");
    expect(socket.destroyed).toBe(true);
    expect(lines).toEqual([most.length]);
  });

  it("are given up if the other process takes nothing for two seconds", () => {
    onLines(asSocket(), () => {});
    expect(socket.timeout?.millis).toBe(2000);
    socket.timeout?.passes();
    expect(socket.destroyed).toBe(false);
    socket.writableLength = 1;
    socket.timeout?.passes();
    expect(socket.done.at(-1)).toEqual(["destroy", expect.any(Stalled)]);
  });
});

it("a message is sent as one line", () => {
  sendLine(asSocket(), { a: "1\n2" });
  expect(socket.done).toEqual([["write", '{"a":"1\\n2"}\n']]);
});

it.each([
  ['{"a":1}', { a: 1 }],
  ["null", null],
  ["", undefined],
  ["{", undefined],
])("the line %j is read as %j", (line, message) => {
  expect(parsed(line)).toEqual(message);
});

describe("the end of a connection", () => {
  const isPending = async (promise: Promise<void>): Promise<boolean> => {
    const marked = Symbol();
    return (await Promise.race([promise, Promise.resolve(marked)])) === marked;
  };

  it.each([
    ["all has been sent", () => socket.ended()],
    ["it is closed", () => socket.emit("close")],
  ])("is there when %s, and no timer is left", async (_, happens) => {
    vi.useFakeTimers();
    const ending = end(asSocket());
    expect(await isPending(ending)).toBe(true);
    happens();
    await ending;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is waited for at most a second", async () => {
    vi.useFakeTimers();
    const ending = end(asSocket());
    await vi.advanceTimersByTimeAsync(999);
    expect(await isPending(ending)).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(await isPending(ending)).toBe(false);
  });
});
