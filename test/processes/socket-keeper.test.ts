import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SocketKeeper } from "../../src/processes/socket-keeper.ts";

vi.mock("node:timers", () => globalThis);

const warn = vi.fn();
const done: unknown[] = [];
let server: { isListening: boolean; listen(path: string): Promise<void> };
let socket: { isThere: boolean; path: string; clear(): void };
let keeper: SocketKeeper;

beforeEach(() => {
  vi.useFakeTimers();
  diag.setLogger({ warn } as never, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  warn.mockClear();
  done.splice(0);
  server = {
    isListening: false,
    listen: async (path) => {
      done.push(path);
      server.isListening = socket.isThere = true;
    },
  };
  socket = { isThere: false, path: "/tmp/socket", clear: () => done.push("cleared") };
  keeper = new SocketKeeper(server as never, socket as never);
});
afterEach(() => {
  keeper.stop();
  diag.disable();
  vi.useRealTimers();
});

const opened = (): unknown[] => done.splice(0);

it("opens the socket at once, and again when it is gone or not listened at, until it stops", async () => {
  keeper.start(1000);
  expect(opened()).toEqual(["cleared", "/tmp/socket"]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(opened()).toEqual([]);
  socket.isThere = false;
  await vi.advanceTimersByTimeAsync(999);
  await vi.advanceTimersByTimeAsync(1);
  expect(opened()).toEqual(["cleared", "/tmp/socket"]);
  server.isListening = false;
  await vi.advanceTimersByTimeAsync(1000);
  expect(opened()).toEqual(["cleared", "/tmp/socket"]);
  keeper.stop();
  socket.isThere = false;
  await vi.advanceTimersByTimeAsync(5000);
  expect(opened()).toEqual([]);
});

it.each([
  [
    "the folder",
    () =>
      vi.spyOn(socket, "clear").mockImplementation(() => {
        throw new Error("no folder");
      }),
  ],
  ["the server", () => vi.spyOn(server, "listen").mockRejectedValue(new Error("no folder"))],
])("logs once that it can't be opened, because of %s, and tries on", async (_, breaks) => {
  const broken = breaks();
  keeper.start(1000);
  await vi.advanceTimersByTimeAsync(3000);
  expect(broken).toHaveBeenCalledTimes(4);
  const line = "otel-forecast: the other workers of this cluster can't be shown: no folder";
  expect(warn.mock.calls).toEqual([[line]]);
});
