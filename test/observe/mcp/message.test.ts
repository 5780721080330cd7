import fc from "fast-check";
import { expect, it } from "vitest";
import { readMessage } from "../../../src/observe/mcp/message.ts";

const jsonrpc = "2.0";

it("reads a request: its method, and what a tool or a prompt is called", () => {
  const call = { jsonrpc, id: 7, method: "tools/call", params: { name: "echo", arguments: { secret: 1 } } };
  expect(readMessage(call)).toEqual({ kind: "request", id: 7, method: "tools/call", name: "echo" });
  const list = { jsonrpc, id: "a", method: "tools/list", params: { name: "no name of anything" } };
  expect(readMessage(list)).toEqual({ kind: "request", id: "a", method: "tools/list", name: undefined });
});

it("reads a notification, and which request it cancels, be it the first", () => {
  const progress = { jsonrpc, method: "notifications/progress", params: { requestId: 3 } };
  expect(readMessage(progress)).toEqual({
    kind: "notification",
    method: "notifications/progress",
    cancels: undefined,
  });
  const cancelled = { jsonrpc, method: "notifications/cancelled", params: { requestId: 0, reason: "late" } };
  expect(readMessage(cancelled)).toMatchObject({ cancels: { id: 0, reason: "late" } });
});

it("reads how a request was answered", () => {
  const answer = { kind: "response", id: 1 };
  expect(readMessage({ jsonrpc, id: 1, result: {} })).toMatchObject({ ...answer, isToolError: false });
  expect(readMessage({ jsonrpc, id: 1, result: { isError: true } })).toMatchObject({ isToolError: true });
  expect(readMessage({ jsonrpc, id: 1, error: { code: -32601 } })).toMatchObject({ errorCode: "-32601" });
  expect(readMessage({ jsonrpc, id: 1, error: {} })).toMatchObject({ errorCode: "unknown" });
});

it("survives whatever it is given", () => {
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
