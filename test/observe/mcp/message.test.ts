import fc from "fast-check";
import { expect, it } from "vitest";
import { readMessage } from "../../../src/observe/mcp/message.ts";

const jsonrpc = "2.0";

it("reads a request: its method, and the name of its tool or prompt", () => {
  const call = { jsonrpc, id: 7, method: "tools/call", params: { name: "echo", arguments: { secret: 1 } } };
  expect(readMessage(call)).toEqual({ kind: "request", id: 7, method: "tools/call", name: "echo" });
  const list = { jsonrpc, id: "a", method: "tools/list", params: { name: "no name of anything" } };
  expect(readMessage(list)).toEqual({ kind: "request", id: "a", method: "tools/list", name: undefined });
});

it("reads a notification, and the request that it cancels, also the first", () => {
  const progress = { jsonrpc, method: "notifications/progress", params: { requestId: 3 } };
  expect(readMessage(progress)).toEqual({
    kind: "notification",
    method: "notifications/progress",
    cancels: undefined,
  });
  const cancelled = { jsonrpc, method: "notifications/cancelled", params: { requestId: 0, reason: "late" } };
  expect(readMessage(cancelled)).toMatchObject({ cancels: { id: 0, reason: "late" } });
});

it("reads the answer of a request", () => {
  const answer = { kind: "response", id: 1 };
  expect(readMessage({ jsonrpc, id: 1, result: {} })).toMatchObject({ ...answer, isToolError: false });
  expect(readMessage({ jsonrpc, id: 1, result: { isError: true } })).toMatchObject({ isToolError: true });
  expect(readMessage({ jsonrpc, id: 1, error: { code: -32601 } })).toMatchObject({ errorCode: "-32601" });
  expect(readMessage({ jsonrpc, id: 1, error: {} })).toMatchObject({ errorCode: "unknown" });
});

it("survives any value", () => {
  fc.assert(
    fc.property(fc.anything(), (it) => {
      readMessage(it);
      readMessage({ jsonrpc, id: 1, method: "tools/call", params: it });
      readMessage({ jsonrpc, method: "notifications/cancelled", params: it });
      readMessage({ jsonrpc, id: 1, result: it, error: it });
    }),
  );
  for (const none of [
    undefined,
    null,
    1,
    "text",
    [],
    {},
    { id: 1 },
    { id: 1, result: 2 },
    { id: {}, result: {} },
  ])
    expect(readMessage(none)).toBeUndefined();
});
