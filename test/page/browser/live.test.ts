import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

interface Watching {
  watch(query: string): void;
  pause(): void;
}
interface Listener {
  received(data: unknown): void;
  changed(status: string): void;
}

/** Not imported by its name: the types of a browser are none of the tests. */
const file: string = "../../../src/page/browser/live.ts";
const { Live }: { Live: new (listener: Listener) => Watching } = await import(file);

/** A stream of events, to which the test sends. */
class StandInEvents {
  static readonly CLOSED = 2;
  static readonly all: StandInEvents[] = [];
  readyState = 0;
  readonly address: string;
  readonly #listeners = new Map<string, (event: { data: string }) => void>();

  constructor(address: string) {
    this.address = address;
    StandInEvents.all.push(this);
  }

  addEventListener = (name: string, listener: (event: { data: string }) => void): void =>
    void this.#listeners.set(name, listener);
  close = (): void => {
    this.readyState = StandInEvents.CLOSED;
  };
  send = (name: string, data: unknown = null): void =>
    this.#listeners.get(name)?.({ data: JSON.stringify(data) });
}

const received: unknown[] = [];
const asked: unknown[] = [];
let answers: (() => Promise<unknown>) | undefined;
let live: Watching;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", StandInEvents);
  vi.stubGlobal("fetch", async (address: string, options: unknown) => {
    asked.push([address, options]);
    if (answers === undefined) throw new Error("no connection");
    return { json: answers };
  });
  answers = async () => ({ asked: asked.length });
  for (const list of [received, asked, StandInEvents.all]) list.splice(0);
  live = new Live({ received: (data) => received.push(data), changed: (text) => received.push(text) });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Lets time pass, and what was asked meanwhile be answered. */
const pass = (millis: number) => vi.advanceTimersByTimeAsync(millis);
const newest = (): StandInEvents => StandInEvents.all.at(-1) as StandInEvents;
const wasAsked = ["live?page=2", { headers: { accept: "application/json" } }];

describe("events", () => {
  it("show the page, and then its changes", async () => {
    live.watch("page=2");
    expect(StandInEvents.all.map(({ address }) => address)).toEqual(["live?page=2"]);
    newest().send("page", { now: 1, list: [1] });
    newest().send("change", { now: [2] });
    newest().send("change", { list: [0, [3], []] });
    newest().send("page", { now: 5 });
    newest().send("change", { more: [1] });
    expect(received).toEqual([
      { now: 1, list: [1] },
      { now: 2, list: [1] },
      { now: 2, list: [1, 3] },
      { now: 5 },
      { now: 5, more: 1 },
    ]);
    await pass(3_600_000);
    expect(asked).toEqual([]);
  });

  it("of another query replace those before, also if none has come", async () => {
    live.watch("a");
    const first = newest();
    live.watch("b");
    expect(first.readyState).toBe(StandInEvents.CLOSED);
    expect(StandInEvents.all.map(({ address }) => address)).toEqual(["live?a", "live?b"]);
    await pass(7999);
    expect(asked).toEqual([]);
    await pass(1);
    expect(asked).toMatchObject([["live?b", {}]]);
  });

  it("that are interrupted come again by themselves, and are asked for if they do not", async () => {
    live.watch("page=2");
    newest().send("page", { now: 1 });
    newest().send("error");
    expect(received.splice(0)).toEqual([{ now: 1 }, "connecting again"]);
    await pass(3_600_000);
    expect(asked).toEqual([]);
    newest().close();
    newest().send("error");
    await pass(0);
    expect(received).toEqual(["connecting again", { asked: 1 }]);
    expect(asked).toEqual([wasAsked]);
  });
});

describe("a page that gets no events", () => {
  it("asks after 8 seconds, every 5 seconds, and tries events again after 12 answers", async () => {
    live.watch("page=2");
    await pass(7999);
    expect(asked).toEqual([]);
    await pass(1);
    expect(asked).toEqual([wasAsked]);
    expect(newest().readyState).toBe(StandInEvents.CLOSED);
    await pass(4999);
    expect(asked).toHaveLength(1);
    await pass(1);
    expect(asked).toHaveLength(2);
    await pass(50_000);
    expect(asked).toHaveLength(12);
    expect(received).toEqual(Array.from({ length: 12 }, (_, index) => ({ asked: index + 1 })));
    expect(StandInEvents.all).toHaveLength(1);
    await pass(5000);
    expect(StandInEvents.all.map(({ address }) => address)).toEqual(["live?page=2", "live?page=2"]);
    await pass(8000);
    expect(asked).toHaveLength(13);
    await pass(55_000);
    expect(asked).toHaveLength(24);
  });

  it("says so if nobody answers, and asks on", async () => {
    answers = undefined;
    live.watch("page=2");
    await pass(13_000);
    expect(received).toEqual(Array.from({ length: 2 }, () => "not connected, trying again"));
    answers = async () => "here";
    await pass(5000);
    expect(received.at(-1)).toBe("here");
  });

  it.each([
    ["the answer", async () => "late"],
    ["the failure", () => Promise.reject(new Error("no"))],
  ])("shows %s to what it asked no more if it watches something else meanwhile", async (_, outcome) => {
    const waiting = Promise.withResolvers<void>();
    const first = answers;
    answers = () => waiting.promise.then(outcome);
    live.watch("a");
    await pass(8000);
    expect(asked).toHaveLength(1);
    live.watch("b");
    answers = first;
    waiting.resolve();
    await pass(7999);
    expect(received).toEqual([]);
    expect(asked).toHaveLength(1);
    await pass(1);
    expect(asked.map((one) => (one as string[])[0])).toEqual(["live?a", "live?b"]);
  });
});

it("a page that pauses says so, and neither listens nor asks until it watches again", async () => {
  live.watch("page=2");
  live.pause();
  expect(received).toEqual(["paused"]);
  expect(newest().readyState).toBe(StandInEvents.CLOSED);
  await pass(3_600_000);
  expect(asked).toEqual([]);
  live.watch("page=2");
  await pass(8000);
  live.pause();
  await pass(3_600_000);
  expect(asked).toEqual([wasAsked]);
});
