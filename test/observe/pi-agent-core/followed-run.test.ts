import { beforeEach, describe, expect, it } from "vitest";
import type { PiEvent } from "../../../src/observe/pi-agent-core/event.ts";
import { FollowedRun, type PiState } from "../../../src/observe/pi-agent-core/followed-run.ts";
import { AgentAtWork } from "../../../src/observe/work/current-agent.ts";
import { digestOf } from "../../../src/observe/work/repeated-calls.ts";
import { recordedWork } from "../work/recorded.ts";

let bench: ReturnType<typeof recordedWork>;
let state: PiState | undefined;
let run: FollowedRun;

beforeEach(() => {
  bench = recordedWork();
  state = { model: { id: "small" }, tools: [{ name: "search" }] };
  run = new FollowedRun(bench.work, {
    get state() {
      return state;
    },
  } as { state?: PiState });
});

/** What is recorded at these events. */
function at(...events: PiEvent[]): unknown[][] {
  for (const event of events) run.happened(event);
  return bench.done();
}

const assistant = (more: object = {}): PiEvent => ({
  type: "message_end",
  message: { role: "assistant", ...more },
});
const starts = (toolCallId: string, more: object = {}): PiEvent => ({
  ...{ type: "tool_execution_start", toolCallId, toolName: "search", args: { page: 1 } },
  ...more,
});
const ends = (toolCallId: string, isError?: boolean): PiEvent => ({
  ...{ type: "tool_execution_end", toolCallId },
  ...(isError === undefined ? {} : { isError }),
});
const digest = digestOf({ page: 1 });

it("a run counts for the agent around it, else for the process, under no name of a span", () => {
  run.begin();
  expect(bench.done()).toEqual([["begin", undefined, ""]]);
  bench.work.currentAgents.innermost = new AgentAtWork("planner");
  run.begin();
  expect(bench.done()).toEqual([["begin", "planner", ""]]);
  expect(run.atWork?.agentName).toBe("planner");
});

it("events before its beginning are nothing, and its end neither", () => {
  expect(run.atWork).toBeUndefined();
  expect(at({ type: "turn_start" }, assistant(), starts("1"), starts("2", { toolName: "none" }))).toEqual([]);
  expect(at(ends("1"), { type: "message_update" }, { type: "agent_end" })).toEqual([]);
  run.over();
  expect(bench.done()).toEqual([]);
});

describe("a model", () => {
  beforeEach(() => {
    run.begin();
    bench.done();
  });

  it("is asked at the start of a turn, and its first part comes once", () => {
    expect(at({ type: "turn_start" })).toEqual([["modelStarts", "small"]]);
    bench.clock.now += 500;
    expect(at({ type: "message_update" }, { type: "message_update" })).toEqual([
      ["firstTokenArrived", 0.5, "small"],
    ]);
    const usage = { input: 1, output: 2, cost: { total: 3 } };
    expect(at(assistant({ model: "large", provider: "p", usage }))).toEqual([
      ["model closes"],
      ["modelEnded", "success"],
      ["modelAnswered", { input: 1, output: 2, cachedInput: 0 }, { model: "large", provider: "p", cost: 3 }],
    ]);
  });

  it.each([
    ["stop", "success"],
    ["error", "failure"],
    ["aborted", "cancelled"],
    [undefined, "success"],
  ])("that stopped with the reason %s ended in %s, and so does its run", (stopReason, outcome) => {
    const answer = { role: "assistant", stopReason } as const;
    expect(at(assistant(answer))).toEqual([
      ["modelEnded", outcome],
      ["modelAnswered", undefined, { model: "small", provider: undefined, cost: undefined }],
    ]);
    const messages = [
      { role: "assistant", stopReason: "error" },
      answer,
      { role: "user" },
    ] as PiEvent["messages"] & {};
    expect(at({ type: "agent_end", messages })).toEqual([]);
    run.over();
    expect(bench.done()).toEqual([["end", outcome]]);
  });

  it("is none that says what a person or a tool has said", () => {
    expect(
      at({ type: "message_end", message: { role: "user" } }, { type: "message_end" }, { type: "other" }),
    ).toEqual([]);
    expect(at({ type: "agent_end" })).toEqual([]);
    run.over();
    expect(bench.done()).toEqual([["end", "success"]]);
  });

  it("has not answered well if its run ends a second time, with the error of a listener", () => {
    for (const stopReason of ["stop", "error"])
      at({ type: "agent_end", messages: [{ role: "assistant", stopReason }] });
    run.over();
    expect(bench.done()).toEqual([["end", "failure"]]);
  });

  it("is of a run that has failed if that never ends", () => {
    run.over();
    expect(bench.done()).toEqual([["end", "failure"]]);
  });

  it.each([0, -1, "3", undefined])("has no cost of %s", (total) => {
    const [, [, , call] = []] = at(assistant({ usage: { input: 1, cost: { total } } }));
    expect(call).toMatchObject({ cost: undefined });
  });

  it("may be unknown", () => {
    state = undefined;
    expect(at({ type: "turn_start" })).toEqual([["modelStarts", undefined]]);
  });
});

describe("a tool", () => {
  beforeEach(() => {
    run.begin();
    bench.done();
  });

  it("ends once, well or not", () => {
    expect(at(starts("1"), starts("2"))).toEqual([
      ["toolStarts", "search", digest],
      ["toolStarts", "search", digest],
    ]);
    expect(at(ends("2", true), ends("1", false), ends("1"), ends("3"))).toEqual([
      ["tool ends", "search", "failure", "tool_error"],
      ["tool ends", "search", "success"],
    ]);
  });

  it("that does not exist can't start; where the tools are not known, each may exist", () => {
    expect(at(starts("1", { toolName: "made up" }), ends("1"))).toEqual([
      ["toolNotStarted", undefined, "tool_not_found"],
    ]);
    state = {};
    expect(at(starts("1", { toolName: undefined, args: undefined }))).toEqual([
      ["toolStarts", "unknown", undefined],
    ]);
  });

  it("is one of at most a thousand open ones, each with an id", () => {
    const all = Array.from({ length: 1001 }, (_, index) => starts(`${index}`));
    expect(at(...all)).toHaveLength(1000);
    expect(at(starts("again"))).toEqual([]);
    expect(at(ends("0"), starts("again"))).toHaveLength(2);
    const { toolCallId: _, ...nameless } = starts("1");
    expect(at(ends("1"), nameless)).toHaveLength(1);
  });
});
