import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, it } from "vitest";
import { LiveStreams } from "../../src/page/live-streams.ts";
import { eventually } from "../eventually.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Streams whose clock stands still until it is moved. */
async function watched() {
  const timers = new Set<() => void>();
  const reads: string[] = [];
  let turn = 1;
  const streams = new LiveStreams({
    turn: () => turn,
    read: async (query) => {
      reads.push(query);
      if (query === "broken") throw new Error("cannot be read");
      // More than what changes.
      return JSON.stringify({ query, turn, text: "stays the same" });
    },
    timers: {
      setInterval: (callback) => {
        timers.add(callback);
        return Object.assign(callback, { unref: () => {} });
      },
      clearInterval: (timer) => timers.delete(timer as () => void),
    },
  });
  const server = createServer((request, response) => {
    if (!streams.open(response, new URL(request.url ?? "", "http://x").search.slice(1))) response.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const open = async (query: string) => {
    const ending = new AbortController();
    const response = await fetch(`http://127.0.0.1:${port}/?${query}`, { signal: ending.signal });
    const seen = { text: "", isOver: false };
    const reading = async (): Promise<void> => {
      for await (const chunk of response.body ?? []) seen.text += Buffer.from(chunk).toString();
    };
    reading()
      .catch(() => {})
      .finally(() => {
        seen.isOver = true;
      });
    return { seen, leave: () => ending.abort() };
  };
  return {
    streams,
    timers,
    reads,
    open,
    tick: (count = 1) => {
      for (let index = 0; index < count; index += 1) for (const timer of timers) timer();
    },
    collect: () => {
      turn += 1;
    },
  };
}

it("does nothing while nobody watches", async () => {
  const { timers, reads, open, tick, collect } = await watched();
  collect();
  expect([timers.size, reads]).toEqual([0, []]);
  const { seen, leave } = await open("a");
  await eventually(() => expect(seen.text).toContain("event: page"));
  expect(timers.size).toBe(1);
  leave();
  await eventually(() => expect(timers.size).toBe(0));
  const before = reads.length;
  collect();
  tick();
  expect(reads.length).toBe(before);
});

it("goes on for those who still watch when one leaves", async () => {
  const { timers, open, tick, collect } = await watched();
  const [one, other] = [await open("a"), await open("b")];
  for (const { seen } of [one, other]) await eventually(() => expect(seen.text).toContain("event: page"));
  one.leave();
  await eventually(() => expect(one.seen.isOver).toBe(true));
  await open("c");
  expect(timers.size).toBe(1);
  collect();
  tick();
  await eventually(() => expect(other.seen.text).toContain("event: change"));
});

it("reads what several watch once, and only after a collection", async () => {
  const { reads, open, tick, collect } = await watched();
  const one = await open("a");
  const other = await open("a");
  for (const { seen } of [one, other]) await eventually(() => expect(seen.text).toContain('"turn":1'));
  tick();
  expect(reads).toEqual(["a", "a"]);
  collect();
  tick(3);
  for (const { seen } of [one, other])
    await eventually(() => expect(seen.text).toContain('event: change\ndata: {"turn":[2]}\n\n'));
  expect(reads).toEqual(["a", "a", "a"]);
});

it("sends what has changed since the last event, and all of it if that is shorter", async () => {
  const pages = [{ a: 1, text: "stays the same" }, { a: 2, text: "stays the same" }, { b: 1 }];
  let turn = 0;
  const ticks: (() => void)[] = [];
  const written: string[] = [];
  const streams = new LiveStreams({
    turn: () => turn,
    read: async () => JSON.stringify(pages[turn]),
    timers: {
      setInterval: (callback) => ({ unref: () => void ticks.push(callback) }),
      clearInterval: () => {},
    },
  });
  const response = { setHeader: () => {}, once: () => {}, end: () => {}, writableLength: 0 };
  const write = (text: string): void => void written.push(text);
  streams.open({ ...response, write } as unknown as ServerResponse, "");
  for (; turn < pages.length; turn += 1) {
    for (const tick of ticks) tick();
    await eventually(() => expect(written).toHaveLength(turn + 2));
  }
  expect(written.slice(1)).toEqual([
    'event: page\ndata: {"a":1,"text":"stays the same"}\n\n',
    'event: change\ndata: {"a":[2]}\n\n',
    'event: page\ndata: {"b":1}\n\n',
  ]);
  streams.close();
});

it("sends a comment when there was nothing to send for a while", async () => {
  const { open, tick } = await watched();
  const { seen } = await open("a");
  await eventually(() => expect(seen.text).toContain("event: page"));
  tick(14);
  expect(seen.text).not.toContain(": still here");
  tick();
  await eventually(() => expect(seen.text).toContain(": still here\n\n"));
});

it("ends a stream that can't be read, and all streams when it closes", async () => {
  const { streams, open, timers } = await watched();
  const broken = await open("broken");
  await eventually(() => expect(broken.seen.isOver).toBe(true));
  const { seen } = await open("a");
  await eventually(() => expect(seen.text).toContain("event: page"));
  streams.close();
  await eventually(() => expect([seen.isOver, timers.size]).toEqual([true, 0]));
});

it("writes nothing to a browser that does not read after the streams have ended", async () => {
  let turn = 1;
  const ticks = new Set<() => void>();
  const streams = new LiveStreams({
    turn: () => turn,
    // More than the system buffers.
    read: async () => JSON.stringify({ turn, text: "x".repeat(20_000_000) }),
    timers: {
      setInterval: (callback) => {
        ticks.add(callback);
        return { unref: () => {} };
      },
      clearInterval: () => ticks.clear(),
    },
  });
  const errors: unknown[] = [];
  const server = createServer((_, response) => {
    response.on("error", (error) => errors.push(error));
    streams.open(response, "");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = connect((server.address() as AddressInfo).port, "127.0.0.1").pause();
  browser.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await eventually(() => expect(ticks.size).toBe(1));
  const [tick] = ticks;
  streams.close();
  turn += 1;
  for (let index = 0; index < 20; index += 1) tick?.();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(errors).toEqual([]);
  expect(ticks.size).toBe(0);
  browser.destroy();
});
