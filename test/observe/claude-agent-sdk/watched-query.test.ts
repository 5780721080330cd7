import { expect, it } from "vitest";
import { watchQuery } from "../../../src/observe/claude-agent-sdk/watched-query.ts";
import { around } from "../../../src/observe/work/replaced-method.ts";

it("a method that is watched shows no more than before: its name, its length, and whether it is listed", () => {
  class Owner {
    added = (one: number, other: number): number => one + other;
    inherited(one: number): number {
      return one + this.added(1, 1);
    }
  }
  const owner = new Owner();
  const seen: unknown[] = [];
  for (const name of ["added", "inherited", "missing"])
    around(owner, name, (call, args) => {
      seen.push([name, ...args]);
      return call();
    });
  expect(owner.inherited(1)).toBe(3);
  expect(seen).toEqual([
    ["inherited", 1],
    ["added", 1, 1],
  ]);
  expect(Object.keys(owner)).toEqual(["added"]);
  for (const [name, length, enumerable] of [
    ["added", 2, true],
    ["inherited", 1, false],
  ] as const) {
    const own = Object.getOwnPropertyDescriptor(owner, name);
    expect(own).toMatchObject({ configurable: true, writable: true, enumerable });
    expect([own?.value.name, own?.value.length]).toEqual([name, length]);
    expect(Object.getOwnPropertyDescriptor(own?.value, "name")?.configurable).toBe(true);
    expect(Object.getOwnPropertyDescriptor(own?.value, "length")?.configurable).toBe(true);
  }
  expect("missing" in owner).toBe(false);
});

/** A query that yields these messages and then may throw, with what its watcher heard. */
function watched(messages: unknown[], error?: unknown) {
  const heard: unknown[][] = [];
  const noted =
    (name: string) =>
    (...given: unknown[]) =>
      void heard.push([name, ...given]);
  async function* yielding() {
    yield* messages;
    if (error !== undefined) throw error;
  }
  const generator = yielding();
  const query = {
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => "disposed",
    close: () => "closed",
    interrupt: async () => "interrupted",
  };
  const watcher = { ...{ yielded: noted("yielded"), failed: noted("failed") } };
  const isQuery = watchQuery(query, { ...watcher, over: noted("over"), interrupted: noted("interrupted") });
  expect(isQuery).toBe(true);
  return { query, heard };
}

it("a query is heard from its first message to its last", async () => {
  const { query, heard } = watched([1, 2]);
  const seen: unknown[] = [];
  for await (const message of query) seen.push(message);
  expect(seen).toEqual([1, 2]);
  expect(heard).toEqual([["yielded", 1], ["yielded", 2], ["over"]]);
});

it("a query that throws is heard, and throws", async () => {
  const error = new Error("no");
  const { query, heard } = watched([], error);
  await expect(query[Symbol.asyncIterator]().next()).rejects.toBe(error);
  expect(heard).toEqual([["failed", error]]);
});

it.each([
  [
    "is left",
    (query: ReturnType<typeof watched>["query"]) => query[Symbol.asyncIterator]().return(undefined),
    { done: true, value: undefined },
  ],
  ["is closed", (query: ReturnType<typeof watched>["query"]) => query.close(), "closed"],
  [
    "is disposed of",
    (query: ReturnType<typeof watched>["query"]) => query[Symbol.asyncDispose](),
    "disposed",
  ],
])("a query that %s is over", async (_, ends, result) => {
  const { query, heard } = watched([1]);
  expect(await ends(query)).toEqual(result);
  expect(heard).toEqual([["over"]]);
});

it("a query that is given an error is over, and one that is interrupted is not", async () => {
  const { query, heard } = watched([1]);
  expect(await query.interrupt()).toBe("interrupted");
  await expect(query[Symbol.asyncIterator]().throw(new Error("given"))).rejects.toThrow("given");
  expect(heard).toEqual([["interrupted"], ["over"]]);
});

it.each([undefined, null, {}, { [Symbol.asyncIterator]: () => ({ next: () => {} }) }])(
  "%o is no query",
  (given) => {
    const watcher = { yielded: () => {}, failed: () => {}, over: () => {}, interrupted: () => {} };
    expect(watchQuery(given, watcher)).toBe(false);
  },
);
