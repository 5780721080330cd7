import { beforeEach, describe, expect, it } from "vitest";
import { FollowedQuery } from "../../../src/observe/claude-agent-sdk/followed-query.ts";
import {
  endingOfResult,
  endingOfThrown,
  errorTypeOfTool,
  messageOf,
} from "../../../src/observe/claude-agent-sdk/message.ts";
import { digestOf } from "../../../src/observe/work/repeated-calls.ts";
import { recordedWork } from "../work/recorded.ts";

let bench: ReturnType<typeof recordedWork>;
let query: FollowedQuery;
let used: [string, object][];
const asked: unknown[] = [];

function begin(signal?: AbortSignal): void {
  const use = {
    takeTurn: (_: unknown, mainModel: unknown) => {
      asked.push(mainModel);
      return used;
    },
    startsAnew: () => asked.push("anew"),
  };
  query = new FollowedQuery(bench.work, { agentName: "coder", signal }, use as never);
}

beforeEach(() => {
  bench = recordedWork();
  used = [];
  asked.splice(0);
  begin();
});

const init = (model?: string) =>
  query.yielded({ type: "system", subtype: "init", ...(model === undefined ? {} : { model }) });
const system = (subtype: string, more: object = {}) => query.yielded({ type: "system", subtype, ...more });
const result = (more: object = {}) => query.yielded({ type: "result", subtype: "success", ...more });
const answer = (id: string, more: object = {}) =>
  query.yielded({ type: "assistant", message: { id, model: "opus" }, ...more });
const hook = (hookEventName: string, more: object = {}) =>
  query.hookCalled({ hook_event_name: hookEventName, ...more });
const toolStarts = (toolUseId: string, more: object = {}) =>
  hook("PreToolUse", { tool_use_id: toolUseId, tool_name: "Read", tool_input: { a: 1 }, ...more });
const digest = digestOf({ a: 1 });

/** What these steps record. */
function by(...steps: (() => void)[]): unknown[][] {
  for (const step of steps) step();
  return bench.done();
}
const BEGIN = ["begin", "coder", undefined];
const SUBAGENT = ["begin", "scout", undefined];
const modelCall = (model: string | undefined, outcome = "success", error?: string) => [
  ["modelStarts", model],
  ["model closes"],
  ["modelEnded", outcome, error],
];

describe("a turn", () => {
  it("begins once, and ends with its result; the next one is another", () => {
    expect(
      by(
        () => init(),
        () => init(),
        () => query.beginTurn(),
      ),
    ).toEqual([BEGIN]);
    expect(by(result)).toEqual([["end", "success", undefined]]);
    expect(by(result)).toEqual([BEGIN, ["end", "success", undefined]]);
  });

  it("has what each model used, by the model of its main loop", () => {
    used = [["opus", { usage: "tokens", cost: 3, provider: "anthropic" }]];
    init("opus");
    expect(by(result)[1]).toEqual([
      "modelAnswered",
      "tokens",
      { model: "opus", provider: "anthropic", cost: 3 },
    ]);
    answer("1", { message: { id: "1", model: "sonnet" } });
    answer("2", { message: { id: "2" } });
    answer("3", { message: { id: "3", model: "broken" }, error: "overloaded" });
    result();
    expect(asked).toEqual(["opus", "sonnet"]);
  });

  it("has its answers, each once", () => {
    init();
    expect(
      by(
        () => answer("1"),
        () => answer("1"),
        () => answer("2"),
      ).slice(1),
    ).toEqual([...modelCall("opus"), ...modelCall("opus")]);
    expect(
      by(
        () => query.yielded({ type: "assistant" }),
        () => query.yielded({ type: "other" }),
      ),
    ).toEqual([]);
    result();
    bench.done();
    expect(by(() => answer("2"))).toEqual([BEGIN, ...modelCall("opus")]);
  });

  it("fails with the error of its last answer", () => {
    expect(by(() => answer("1", { error: "rate_limit" }))).toEqual([
      BEGIN,
      ...modelCall("opus", "failure", "rate_limit"),
    ]);
    expect(by(() => result({ is_error: true }))).toEqual([["end", "failure", "rate_limit"]]);
    expect(by(() => result({ is_error: true }))).toEqual([BEGIN, ["end", "failure", "error_result"]]);
    answer("2", { error: "rate_limit" });
    answer("3");
    bench.done();
    expect(by(() => result({ is_error: true }))).toEqual([["end", "failure", "error_result"]]);
  });

  it("has the calls that Claude Code repeats as failed ones", () => {
    init();
    expect(
      by(
        () => system("api_retry", { error: "overloaded" }),
        () => system("api_retry", { error: 529 }),
      ).slice(1),
    ).toEqual([
      ...modelCall(undefined, "failure", "overloaded").map((call) =>
        call[0] === "modelStarts" ? ["modelStarts"] : call,
      ),
      ...modelCall(undefined, "failure").map((call) => (call[0] === "modelStarts" ? ["modelStarts"] : call)),
    ]);
    result();
    bench.done();
    expect(
      by(
        () => system("api_retry"),
        () => system("other"),
      ),
    ).toEqual([]);
  });

  it("that was interrupted is cancelled if it fails, and only that one", () => {
    init();
    query.interrupted();
    expect(by(() => result({ subtype: "error_during_execution" })).at(-1)).toEqual([
      "end",
      "cancelled",
      undefined,
    ]);
    expect(by(() => result({ subtype: "error_during_execution" })).at(-1)).toEqual([
      "end",
      "failure",
      "error_during_execution",
    ]);
    init();
    query.interrupted();
    expect(by(result).at(-1)).toEqual(["end", "success", undefined]);
  });
});

describe("the time to the first output", () => {
  const part = (more: object = {}) => query.yielded({ type: "stream_event", ...more });
  const event = { message: { model: "opus" } };

  it("is that of each answer, by its model, if Claude Code tells it", () => {
    init();
    bench.done();
    expect(
      by(
        () => part({ event, ttft_ms: 1500 }),
        () => part(),
        () => part({ event: null, ttft_ms: 500 }),
        () => part({ event: { message: { model: 7 } }, ttft_ms: "5" }),
      ),
    ).toEqual([
      ["firstTokenArrived", 1.5, "opus"],
      ["firstTokenArrived", 0.5, undefined],
    ]);
  });

  it("is that of a sub-agent, which is none of the turn", () => {
    init();
    hook("SubagentStart", { agent_id: "a", agent_type: "scout" });
    system("task_started", { task_id: "a", tool_use_id: "1" });
    hook("SubagentStart", { agent_id: "b", agent_type: "scout" });
    bench.done();
    expect(by(() => part({ event, ttft_ms: 1, parent_tool_use_id: "1" }))).toEqual([
      ["firstTokenArrived", 0.001, "opus"],
    ]);
    expect(by(() => part({ event, ttft_ms: 1, parent_tool_use_id: "unknown" }))).toEqual([]);
    result();
    bench.done();
    expect(by(() => part({ event, ttft_ms: 1 }))).toEqual([]);
  });
});

describe("a query", () => {
  it("that is over cancels what is open, and nothing happens after", () => {
    init();
    hook("SubagentStart", { agent_id: "a", agent_type: "scout" });
    toolStarts("1");
    bench.done();
    expect(by(() => query.over())).toEqual([
      ["end", "cancelled", undefined],
      ["end", "cancelled", undefined],
    ]);
    const late = [
      () => query.over(),
      () => init(),
      () => toolStarts("2"),
      () => query.failed(new Error("no")),
    ];
    expect(by(...late, () => hook("PostToolUse", { tool_use_id: "1" }))).toEqual([]);
    expect(query.atWork).toBeUndefined();
  });

  it("that throws before its first turn has failed as one", () => {
    expect(by(() => query.failed(new RangeError("no")))).toEqual([BEGIN, ["end", "failure", "RangeError"]]);
    begin();
    init();
    result();
    bench.done();
    expect(by(() => query.failed(new RangeError("no")))).toEqual([]);
  });

  it("that throws is cancelled if it was interrupted or aborted", () => {
    init();
    query.interrupted();
    expect(by(() => query.failed(new RangeError("no"))).at(-1)).toEqual(["end", "cancelled", undefined]);
    begin(AbortSignal.abort());
    expect(by(() => query.failed(new RangeError("no"))).at(-1)).toEqual(["end", "cancelled", undefined]);
  });

  it("may start its session anew", () => {
    expect(by(() => query.yielded({ type: "conversation_reset" }))).toEqual([]);
    expect(asked).toEqual(["anew"]);
  });

  it("may be withdrawn", () => {
    query.withdraw();
    expect(by(() => init())).toEqual([]);
    begin();
    init();
    expect(by(() => query.withdraw(), result)).toEqual([BEGIN, ["withdraw"]]);
  });
});

describe("a tool", () => {
  beforeEach(() => {
    init();
    bench.done();
  });

  it.each([
    ["PostToolUse", {}, ["success"]],
    ["PostToolUseFailure", { error: "RangeError: no" }, ["failure", "RangeError"]],
    ["PostToolUseFailure", { error: "it is broken" }, ["failure", "tool_error"]],
    ["PostToolUseFailure", { error: "RangeError: no", is_interrupt: true }, ["cancelled", undefined]],
  ])("ends at the hook %s with %j as %j, once", (event, more, how) => {
    expect(by(() => toolStarts("1"))).toEqual([["toolStarts", "Read", digest]]);
    const ends = () => hook(event, { tool_use_id: "1", ...more });
    expect(by(ends, ends)).toEqual([["tool ends", "Read", ...how]]);
    expect(by(() => hook(event, more))).toEqual([]);
  });

  it.each([
    ["a message", () => system("permission_denied", { tool_use_id: "1" })],
    ["a result", () => result({ permission_denials: [undefined, { tool_use_id: "1" }, {}] })],
  ])("that was denied fails by %s", (_, denied) => {
    toolStarts("1");
    bench.done();
    expect(by(denied)[0]).toEqual(["tool ends", "Read", "failure", "permission_denied"]);
  });

  it("without a name is unknown, and without an id is none", () => {
    expect(by(() => toolStarts("1", { tool_name: undefined, tool_input: undefined }))).toEqual([
      ["toolStarts", "unknown", undefined],
    ]);
    expect(
      by(
        () => hook("PreToolUse", { tool_name: "Read" }),
        () => hook("Stop"),
      ),
    ).toEqual([]);
  });

  it("begins a turn, and is one of at most a thousand open ones", () => {
    result();
    bench.done();
    expect(by(() => toolStarts("0"))).toEqual([BEGIN, ["toolStarts", "Read", digest]]);
    for (let index = 1; index <= 1000; index += 1) toolStarts(`${index}`);
    expect(bench.done()).toHaveLength(999);
    expect(
      by(
        () => hook("PostToolUse", { tool_use_id: "0" }),
        () => toolStarts("again"),
      ),
    ).toHaveLength(2);
  });
});

describe("a sub-agent", () => {
  beforeEach(() => {
    init();
    bench.done();
  });
  const starts = (agentId = "a") => hook("SubagentStart", { agent_id: agentId, agent_type: "scout" });
  const taskStarts = () => system("task_started", { task_id: "a", tool_use_id: "1" });

  it("begins once and ends well", () => {
    expect(
      by(
        () => starts(),
        () => starts(),
        () => hook("SubagentStart"),
      ),
    ).toEqual([SUBAGENT]);
    const stop = () => hook("SubagentStop", { agent_id: "a" });
    expect(by(stop, stop, () => hook("SubagentStop"))).toEqual([["end", "success", undefined]]);
  });

  it.each([
    [() => system("task_notification", { task_id: "a", status: "failed" }), ["failure", "task_failed"]],
    [() => system("task_notification", { task_id: "a", status: "stopped" }), ["cancelled", undefined]],
    [
      () => hook("PostToolUseFailure", { tool_use_id: "1", error: "RangeError: no" }),
      ["failure", "RangeError"],
    ],
    [() => hook("PostToolUseFailure", { tool_use_id: "1", is_interrupt: true }), ["cancelled", undefined]],
  ])("may end otherwise (%#)", (ends, how) => {
    starts();
    taskStarts();
    bench.done();
    expect(by(() => system("task_notification", { task_id: "a", status: "completed" }))).toEqual([]);
    expect(by(ends)).toEqual([["end", ...how]]);
  });

  it("has the tools that are called inside it, and its answers, which are none of the turn", () => {
    starts();
    taskStarts();
    bench.done();
    expect(query.atWork?.agentName).toBe("coder");
    toolStarts("2", { agent_id: "a" });
    expect(query.atWork?.agentName).toBe("scout");
    toolStarts("3");
    // Of two that run tools, it is not known which one asks.
    expect(query.atWork?.agentName).toBe("coder");
    hook("PostToolUse", { tool_use_id: "2" });
    bench.done();
    expect(by(() => answer("9", { parent_tool_use_id: "1", error: "rate_limit" }))).toEqual(
      modelCall("opus", "failure", "rate_limit"),
    );
    expect(by(() => answer("8", { parent_tool_use_id: "unknown" }))).toEqual([]);
    expect(by(() => result({ is_error: true }))).toEqual([["end", "failure", "error_result"]]);
    hook("PostToolUse", { tool_use_id: "1" });
    expect(by(() => answer("10", { parent_tool_use_id: "1" }))).toEqual([]);
  });

  it("has each of its answers once, also while another one answers part by part", () => {
    starts("a");
    starts("b");
    for (const [task, call] of [
      ["a", "1"],
      ["b", "2"],
    ])
      system("task_started", { task_id: task, tool_use_id: call });
    bench.done();
    const parts = ["1", "2", undefined, "1", "2", undefined].map(
      (parent) => () => answer(`of ${parent}`, { parent_tool_use_id: parent ?? null }),
    );
    expect(by(...parts)).toEqual([...modelCall("opus"), ...modelCall("opus"), ...modelCall("opus")]);
  });

  it("is one of at most a thousand open ones", () => {
    for (let index = 0; index <= 1000; index += 1) starts(`${index}`);
    expect(bench.done()).toHaveLength(1000);
    hook("SubagentStop", { agent_id: "0" });
    expect(by(() => starts("again"))).toHaveLength(2);
  });
});

describe("the end of a turn", () => {
  it.each([
    [{ subtype: "success" }, undefined, { outcome: "success" }],
    [{ subtype: "success", is_error: false }, "old", { outcome: "success" }],
    [{ subtype: "success", is_error: true }, "old", { outcome: "failure", errorType: "old" }],
    [
      { subtype: "success", is_error: true, terminal_reason: "model_error" },
      undefined,
      { outcome: "failure", errorType: "model_error" },
    ],
    [
      { subtype: "success", is_error: true, terminal_reason: "completed" },
      undefined,
      { outcome: "failure", errorType: "error_result" },
    ],
    [
      { subtype: "success", is_error: true, api_error_status: 529 },
      undefined,
      { outcome: "failure", errorType: "529" },
    ],
    [
      { subtype: "error_max_turns", api_error_status: null },
      "old",
      { outcome: "failure", errorType: "error_max_turns" },
    ],
    [{ api_error_status: null }, undefined, { outcome: "failure", errorType: "error_result" }],
    [{ subtype: "success", terminal_reason: "aborted_tools" }, undefined, { outcome: "cancelled" }],
    [{ subtype: "success", terminal_reason: "not aborted_tools" }, undefined, { outcome: "success" }],
    [{ subtype: "success", terminal_reason: 5 as never }, undefined, { outcome: "success" }],
  ])("of the result %j after the error %s is %j", (more, lastError, ending) => {
    expect(endingOfResult({ type: "result", ...more }, lastError)).toEqual(ending);
  });

  const timeout = Object.assign(new Error("late"), { name: "TimeoutError" });
  it.each([
    [new RangeError("no"), undefined, { outcome: "failure", errorType: "RangeError" }],
    [
      Object.assign(new Error("no"), { errorClass: "spawn_failed" }),
      undefined,
      { outcome: "failure", errorType: "spawn_failed" },
    ],
    [new RangeError("no"), new AbortController().signal, { outcome: "failure", errorType: "RangeError" }],
    [new RangeError("no"), AbortSignal.abort(), { outcome: "cancelled" }],
    [new RangeError("no"), AbortSignal.abort(timeout), { outcome: "failure", errorType: "TimeoutError" }],
    [
      Object.assign(new DOMException("no", "AbortError"), { errorClass: "x" }),
      undefined,
      { outcome: "cancelled" },
    ],
  ])("that threw %s (%#) is known", (error, signal, ending) => {
    expect(endingOfThrown(error, signal)).toEqual(ending);
  });

  it.each([
    ["RangeError: no", "RangeError"],
    ["it is broken", "tool_error"],
    [7, "tool_error"],
    [undefined, "tool_error"],
  ])("of a tool with the text %j is %s", (text, errorType) => {
    expect(errorTypeOfTool(text)).toBe(errorType);
  });

  it.each(["result", "assistant", "system", "stream_event", "conversation_reset"])(
    "is read of messages of the kind %s, and of no other",
    (type) => {
      const message = { type };
      expect(messageOf(message)).toBe(message);
      for (const other of [{ type: "user" }, {}, null, "text"])
        expect(messageOf(other)).toEqual({ type: "other" });
    },
  );
});
