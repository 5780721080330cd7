import { describe, expect, it } from "vitest";
import {
  Callers,
  howGivenUp,
  markSent,
  recordUnsent,
  type UnsentRequest,
} from "../../../src/observe/mcp/callers.ts";

const client = {};
const server = {};

describe("the caller of a request", () => {
  it("is known during the request, and in everything that it starts", async () => {
    const callers = new Callers();
    const { signal } = new AbortController();
    const seen = await callers.run(client, [{ method: "ping" }, {}, { signal }], async () => {
      await Promise.resolve();
      return callers.of(client);
    });
    expect(seen).toMatchObject({ protocol: client, signal, isWaiting: true });
    expect(callers.of(client)).toBeUndefined();
  });

  it("is not the caller of a server inside the call", () => {
    const callers = new Callers();
    expect(callers.run(client, [], () => callers.of(server))).toBeUndefined();
  });

  it("waits until something is sent for it, or for a call inside it", () => {
    const callers = new Callers();
    callers.run(client, [], (outer) => {
      callers.run(client, [], (inner) => {
        expect([outer.isWaiting, inner.isWaiting]).toEqual([true, true]);
        markSent(inner);
        expect([outer.isWaiting, inner.isWaiting]).toEqual([false, false]);
      });
      callers.run(client, [], (later) => expect(later.outer).toBeUndefined());
    });
  });

  it("does not wait if its request goes into the queue of a task", () => {
    const given = [{ method: "ping" }, {}, { relatedTask: { taskId: "1" } }];
    expect(new Callers().run(client, given, ({ isWaiting }) => isWaiting)).toBe(false);
  });
});

describe("a request that was given up", () => {
  const caller = (signal?: AbortSignal) => ({ signal });
  const timeout = { outcome: "failure", errorType: "timeout" };
  const cancelled = { outcome: "cancelled" };

  it("is cancelled if its caller has aborted it, for any reason", () => {
    expect(howGivenUp(caller(AbortSignal.abort()), undefined)).toEqual(cancelled);
    expect(howGivenUp(caller(AbortSignal.abort("not needed")), undefined)).toEqual(cancelled);
  });

  it("has timed out if its caller has not aborted it, or has no signal", () => {
    expect(howGivenUp(caller(new AbortController().signal), undefined)).toEqual(timeout);
    expect(howGivenUp(caller(), "AbortError")).toEqual(timeout);
  });

  it("has timed out by the time limit of its caller", () => {
    const limit = AbortSignal.abort(new DOMException("The operation was aborted", "TimeoutError"));
    expect(howGivenUp(caller(limit), undefined)).toEqual(timeout);
  });

  // What the SDKs write, version 1 first, and then the platform, as strings of what a request failed with.
  it.for([
    "McpError: MCP error -32001: Request timed out",
    "SdkError: Maximum total timeout exceeded",
    "TimeoutError: The operation was aborted due to timeout",
  ])("of an unknown caller has run out of time by the reason: %s", (reason) =>
    expect(howGivenUp(undefined, reason)).toEqual(timeout),
  );

  it.for(["AbortError: This operation was aborted", "user clicked away", "", undefined, null, 7, {}])(
    "of an unknown caller is cancelled by any other: %s",
    (reason) => expect(howGivenUp(undefined, reason)).toEqual(cancelled),
  );
});

describe("a request that was never sent", () => {
  /** How it is recorded: what it is, whose task it is, and how it ended. */
  function recorded(unsent: Partial<UnsentRequest>): unknown[] {
    const calls: unknown[] = [];
    const begin = (operation: object, task: unknown, link: () => object) => {
      calls.push(operation, task, link());
      return { end: (end: object) => calls.push(end) };
    };
    const protocol = { _clientInfo: { name: "planner" }, _negotiatedProtocolVersion: "1" };
    const request = { method: "tools/call", params: { name: "search" } };
    const given = { protocol, request, failedWith: new RangeError("no"), wasConnected: true };
    recordUnsent({ begin } as never, { ...given, ...unsent });
    return calls;
  }

  it("is recorded as what it would have been", () => {
    expect(recorded({})).toEqual([
      { side: "client", method: "tools/call", name: "search" },
      { agentName: "planner" },
      { protocolVersion: "1", transport: undefined },
      { outcome: "failure", errorType: "RangeError" },
    ]);
  });

  const caller = (signal: AbortSignal) => ({ protocol: {}, signal, isWaiting: false, outer: undefined });
  it.each([
    [{ wasConnected: false }, { outcome: "failure", errorType: "connection_closed" }],
    [{ caller: caller(AbortSignal.abort()), wasConnected: false }, { outcome: "cancelled" }],
    [{ caller: caller(new AbortController().signal) }, { outcome: "failure", errorType: "RangeError" }],
  ])("with %o ended as %j", (unsent, end) => {
    expect(recorded(unsent).at(-1)).toEqual(end);
  });

  it.each([undefined, null, {}, { method: 7 }, { method: "subscriptions/listen" }])(
    "is none that is %j",
    (request) => {
      expect(recorded({ request })).toEqual([]);
    },
  );
});
