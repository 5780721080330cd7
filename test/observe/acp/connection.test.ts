import { beforeEach, describe, expect, it } from "vitest";
import { AgentConnection } from "../../../src/observe/acp/connection.ts";
import { digestOf } from "../../../src/observe/work/repeated-calls.ts";
import { recordedWork } from "../work/recorded.ts";

let bench: ReturnType<typeof recordedWork>;
let connection: AgentConnection;

beforeEach(() => {
  bench = recordedWork();
  connection = new AgentConnection(bench.work);
});

const prompt = (id: unknown, sessionId = "s") =>
  connection.received({ id, method: "session/prompt", params: { sessionId } });
const answer = (id: unknown, more: object) => connection.sending({ id, ...more });
const stopped = (id: unknown, stopReason: unknown) => answer(id, { result: { stopReason } });
const update = (more: object, sessionId = "s") =>
  connection.sending({ method: "session/update", params: { sessionId, update: more } });
const tool = (toolCallId: unknown, more: object = {}) =>
  update({ sessionUpdate: "tool_call", toolCallId, name: "read", rawInput: { a: 1 }, ...more });
const toolStarts = ["toolStarts", "read", digestOf({ a: 1 }), true];

/** A prompt that is being worked on. */
function asked(id: unknown = 1): void {
  prompt(id);
  bench.done();
}

describe("a prompt", () => {
  it("is a task of the agent that has named itself, else of the process", () => {
    expect(prompt(1)?.agentName).toBe("the-process");
    connection.received({ id: 7, method: "initialize" });
    answer(8, { result: { agentInfo: { name: "other" } } });
    answer(7, { result: { agentInfo: { name: "coder" } } });
    expect(prompt(2)?.agentName).toBe("coder");
    answer(7, { result: { agentInfo: { name: 7 } } });
    answer(7, { result: {} });
    expect(prompt("3")?.agentName).toBe("coder");
    expect(bench.done()).toEqual([
      ["begin", undefined, ""],
      ["begin", "coder", ""],
      ["begin", "coder", ""],
    ]);
  });

  it.each([
    ["end_turn", ["success", undefined]],
    ["of its own", ["success", undefined]],
    ["cancelled", ["cancelled", undefined]],
    ["refusal", ["failure", "refusal"]],
    ["max_tokens", ["failure", "max_tokens"]],
    ["max_turn_requests", ["failure", "max_turn_requests"]],
    ["error", ["failure", "unknown"]],
  ])("that stops for the reason %s ends as %j, once", (reason, how) => {
    asked();
    stopped(1, reason);
    stopped(1, "refusal");
    expect(bench.done()).toEqual([["end", ...how]]);
  });

  it.each([
    [-32_603, ["failure", "-32603"]],
    [-32_800, ["cancelled", undefined]],
    ["text", ["failure", "unknown"]],
    [undefined, ["failure", "unknown"]],
  ])("that is answered with the error %s ends as %j", (code, how) => {
    asked();
    answer(1, { error: { code } });
    expect(bench.done()).toEqual([["end", ...how]]);
  });

  const agrees = (protocolVersion: unknown): void => {
    connection.received({ id: 7, method: "initialize" });
    answer(7, { result: { protocolVersion } });
  };

  it.each([{ result: {} }, { result: null }, { result: "text" }, {}])(
    "of version 1 ends with its answer, also with one without a reason: %j",
    (more) => {
      agrees(1);
      asked();
      answer(1, more);
      expect(bench.done()).toEqual([["end", "success", undefined]]);
    },
  );

  it("of version 2 ends when its session is idle, and not with its answer", () => {
    agrees(2);
    asked();
    answer(1, { result: {} });
    update({ sessionUpdate: "state_update", state: "running" });
    update({ sessionUpdate: "state_update", state: "idle" }, "other session");
    update({ sessionUpdate: "other", state: "idle" });
    expect(bench.done()).toEqual([]);
    update({ sessionUpdate: "state_update", state: "idle", stopReason: "error", error: { code: 4 } });
    expect(bench.done()).toEqual([["end", "failure", "4"]]);
  });

  it.each([
    ["its session is", () => connection.received({ method: "session/cancel", params: { sessionId: "s" } })],
    ["its request is", () => connection.received({ method: "$/cancel_request", params: { requestId: 1 } })],
  ])("is cancelled if %s, whatever fails after; what ends well has ended well", (_, cancel) => {
    asked();
    cancel();
    answer(1, { error: { code: 4 } });
    expect(bench.done()).toEqual([["end", "cancelled"]]);
    asked();
    cancel();
    stopped(1, "end_turn");
    expect(bench.done()).toEqual([["end", "success", undefined]]);
  });

  it("is not cancelled with another one", () => {
    asked();
    connection.received({ method: "session/cancel", params: { sessionId: "other" } });
    connection.received({ method: "$/cancel_request", params: { requestId: 2 } });
    connection.received({ method: "session/cancel" });
    answer(1, { error: { code: 4 } });
    expect(bench.done()).toEqual([["end", "failure", "4"]]);
  });

  it("is cancelled by another one with the same id", () => {
    asked();
    prompt(1);
    expect(bench.done()).toEqual([
      ["end", "cancelled", undefined],
      ["begin", undefined, ""],
    ]);
    stopped(1, "end_turn");
    stopped(1, "end_turn");
    expect(bench.done()).toEqual([["end", "success", undefined]]);
  });

  it("is cancelled when the client goes, as all others are", () => {
    asked(1);
    asked("2");
    connection.closed();
    connection.closed();
    expect(bench.done()).toEqual([
      ["end", "cancelled", undefined],
      ["end", "cancelled", undefined],
    ]);
  });
});

it.each([
  null,
  undefined,
  "text",
  {},
  { method: "session/prompt" },
  { id: {}, method: "session/prompt" },
  { id: 1, method: "other" },
])("%j puts no agent to work and ends nothing", (message) => {
  asked();
  expect(connection.received(message)).toBeUndefined();
  connection.sending(message);
  connection.sending({ id: 2, result: { stopReason: "end_turn" } });
  connection.sending({ id: {}, result: { stopReason: "end_turn" } });
  connection.sending({ method: "session/update" });
  expect(bench.done()).toEqual([]);
});

describe("a tool", () => {
  it("starts with its first update and ends with its status, once", () => {
    asked();
    tool("a");
    tool("a", { status: "in_progress", name: "other" });
    tool("a", { sessionUpdate: "tool_call_update", status: "completed" });
    tool("b", { status: "failed" });
    expect(bench.done()).toEqual([
      toolStarts,
      ["tool ends", "read", "success"],
      toolStarts,
      ["tool ends", "read", "failure", "tool_error"],
    ]);
  });

  it.each([
    [{ name: undefined, kind: "edit" }, "edit"],
    [{ name: "", kind: "edit" }, "edit"],
    [{ name: 7, kind: "" }, "other"],
    [{ name: undefined }, "other"],
  ])("with %j is called %s", (more, name) => {
    asked();
    tool("a", more);
    expect(bench.done()[0]?.[1]).toBe(name);
  });

  it("is withdrawn if a framework has run one meanwhile", () => {
    asked();
    tool("a");
    bench.work.hasToolRun = true;
    tool("a", { status: "completed" });
    expect(bench.done()).toEqual([toolStarts, ["tool ends", "read", "withdrawn"]]);
  });

  it("is of one prompt, where a session has several", () => {
    asked(1);
    asked(2);
    tool("a");
    expect(bench.done()).toEqual([toolStarts]);
    stopped(1, "end_turn");
    bench.done();
    tool("b");
    expect(bench.done()).toEqual([toolStarts]);
  });

  it("is of another session, or none, where it has no id", () => {
    asked();
    update({ sessionUpdate: "tool_call", toolCallId: "a" }, "other");
    update({ sessionUpdate: "agent_message_chunk", toolCallId: "a" });
    tool(7);
    expect(bench.done()).toEqual([]);
  });

  it("is one of at most a thousand of a turn", () => {
    asked();
    for (let index = 0; index < 1001; index += 1) tool(`${index}`);
    expect(bench.done()).toHaveLength(1000);
    tool("0", { status: "completed" });
    tool("1000", { status: "completed" });
    expect(bench.done()).toEqual([["tool ends", "read", "success"]]);
  });
});
