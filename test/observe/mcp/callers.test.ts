import { describe, expect, it } from "vitest";
import { Callers, howGivenUp, markSent } from "../../../src/observe/mcp/callers.ts";

const client = {};
const server = {};

describe("the caller of a request", () => {
  it("is known while the request is made, and in all that comes of it", async () => {
    const callers = new Callers();
    const { signal } = new AbortController();
    const seen = await callers.run(client, [{ method: "ping" }, {}, { signal }], async () => {
      await Promise.resolve();
      return callers.of(client);
    });
    expect(seen).toMatchObject({ protocol: client, signal, isWaiting: true });
    expect(callers.of(client)).toBeUndefined();
  });

  it("is not that of a server that serves within the call", () => {
    const callers = new Callers();
    expect(callers.run(client, [], () => callers.of(server))).toBeUndefined();
  });

  it("waits until something is sent for it, or for what it calls", () => {
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

  it("does not wait where its request goes by the queue of a task", () => {
    const given = [{ method: "ping" }, {}, { relatedTask: { taskId: "1" } }];
    expect(new Callers().run(client, given, ({ isWaiting }) => isWaiting)).toBe(false);
  });
});

describe("a request that was given up", () => {
  const caller = (signal?: AbortSignal) => ({ signal });
  const timeout = { outcome: "failure", errorType: "timeout" };
  const cancelled = { outcome: "cancelled" };

  it("is cancelled when its caller has aborted, whatever the reason", () => {
    expect(howGivenUp(caller(AbortSignal.abort()), undefined)).toEqual(cancelled);
    expect(howGivenUp(caller(AbortSignal.abort("not needed")), undefined)).toEqual(cancelled);
  });

  it("has run out of time when its caller has not, or could not", () => {
    expect(howGivenUp(caller(new AbortController().signal), undefined)).toEqual(timeout);
    expect(howGivenUp(caller(), "AbortError")).toEqual(timeout);
  });

  it("has run out of the time that its caller has set", () => {
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
