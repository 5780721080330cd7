import { beforeEach, describe, expect, it } from "vitest";
import { Invocation } from "../../../src/observe/work/invocation.ts";
import { recorded } from "./recorded.ts";

let bench: ReturnType<typeof recorded>;
let overs: number;
let invocation: Invocation;

function begin(isFollowed = true): void {
  const { log, frameworkReports, elapsedMillis, clock } = bench;
  const onOver = () => {
    overs += 1;
  };
  const start = { at: clock.now, isFollowed, onOver };
  invocation = new Invocation("planner", { log, frameworkReports, elapsedMillis }, start);
}

beforeEach(() => {
  bench = recorded();
  overs = 0;
  begin();
  expect(bench.done()).toEqual([["openTask", "planner", "invoke_agent"]]);
});

const agentEnded = (toolCalls: number, inferenceCalls: number, how: object) => [
  ...["agentEnded", "planner", { operation: "invoke_agent", toolCalls, inferenceCalls }, how],
];

describe("an invocation", () => {
  it("ends once, with its calls, its time and its error", () => {
    invocation.askedModel();
    bench.clock.now += 2500;
    expect(invocation.isOver).toBe(false);
    invocation.end("failure", "429");
    invocation.end("success");
    invocation.withdraw();
    invocation.lose();
    expect(bench.done()).toEqual([agentEnded(0, 1, { outcome: "failure", seconds: 2.5, errorType: "429" })]);
    expect([invocation.isOver, overs]).toEqual([true, 1]);
  });

  it("that is lost or withdrawn has no outcome", () => {
    invocation.lose();
    expect([bench.done(), overs]).toEqual([[["lost"]], 1]);
    begin();
    bench.done();
    invocation.withdraw();
    expect([bench.done(), overs]).toEqual([[["task", "withdrawn", 0]], 2]);
  });

  it("that is not followed records nothing, and is over", () => {
    begin(false);
    expect(invocation.isOver).toBe(true);
    invocation.modelStarts("m")();
    invocation.toolStarts("search", 1)("success");
    invocation.toolCalledWith("search", 1);
    invocation.modelAnswered({ input: 1, output: 1, cachedInput: 0 });
    invocation.modelEnded("failure");
    invocation.toolNotStarted("search", undefined);
    invocation.firstTokenArrived(1);
    invocation.end("success");
    invocation.withdraw();
    expect([bench.done(), overs]).toEqual([[], 0]);
  });
});

describe("a call of a model", () => {
  it("is open until it is closed, once, and known by its model", () => {
    const close = invocation.modelStarts("gpt-4o");
    expect(bench.done()).toEqual([["report modelStarts", "planner", "gpt-4o"]]);
    expect(
      ["gpt-4o", "gpt-4o-2024-08-06", undefined, "other"].map((model) => invocation.isAsking(model)),
    ).toEqual([...[true, true, true, false]]);
    close();
    close();
    expect(bench.done()).toEqual([["closed modelStarts", "planner", "gpt-4o"]]);
    expect(invocation.isAsking("gpt-4o")).toBe(false);
    invocation.end("success");
    expect(bench.done()).toEqual([agentEnded(0, 1, { outcome: "success", seconds: 0 })]);
  });

  it("is closed with the invocation", () => {
    invocation.opensModel();
    bench.done();
    invocation.end("success");
    expect(bench.done()).toEqual([
      ["closed modelStarts", "planner", undefined],
      agentEnded(0, 0, { outcome: "success", seconds: 0 }),
    ]);
  });

  it("that has failed is an attempt if the agent goes on, and else the end of the invocation", () => {
    invocation.modelStarts("m");
    bench.done();
    invocation.modelEnded("failure", "429");
    const failed = { outcome: "failure", seconds: 0, errorType: "429" };
    const attempt = ["attempted", "planner", { taskType: "chat", outcome: "failure", errorType: "429" }];
    expect(bench.done()).toEqual([["stepEnded", "planner", "chat", failed]]);
    invocation.goesOn();
    expect(bench.done()).toEqual([attempt]);
    invocation.modelEnded("failure", "429");
    invocation.end("failure", "429");
    expect(bench.done().map(([name]) => name)).toEqual(["stepEnded", "closed modelStarts", "agentEnded"]);
    invocation.modelEnded("failure", "429");
    expect(bench.done()).toEqual([]);
  });

  it("that ended before a step that is known already is an attempt at once; one that was cancelled is none", () => {
    invocation.modelEnded("success", undefined, true);
    invocation.modelEnded("cancelled");
    invocation.goesOn();
    const step = (outcome: string) => ["stepEnded", "planner", "chat", { outcome, seconds: 0 }];
    expect(bench.done()).toEqual([
      step("success"),
      ["attempted", "planner", { taskType: "chat", outcome: "success", errorType: undefined }],
      step("cancelled"),
    ]);
  });

  it("has tokens if its framework reports them, also after the end", () => {
    const usage = { input: 3, output: 2, cachedInput: 0 };
    invocation.end("success");
    bench.done();
    invocation.modelAnswered(undefined);
    expect(bench.done()).toEqual([["report tokensWereReported", "planner", false]]);
    invocation.modelAnswered(usage);
    invocation.modelAnswered(usage, { operation: "embed", model: "m", provider: "p", cost: 7 });
    const used = (call: object) => [
      ["report tokensWereReported", "planner", true],
      ["tokensUsed", "planner", usage, { model: undefined, provider: undefined, cost: undefined, ...call }],
    ];
    expect(bench.done()).toEqual([
      ...used({ operation: "chat" }),
      ...used({ operation: "embed", model: "m", provider: "p", cost: 7 }),
    ]);
    invocation.firstTokenArrived(0.5, "m");
    expect(bench.done()).toEqual([["firstTokenArrived", "planner", "m", 0.5]]);
  });
});

describe("a call of a tool", () => {
  it("ends once, with its time, and is a step", () => {
    const end = invocation.toolStarts("search", 7);
    expect(bench.done()).toEqual([
      ["toolCalled", "planner", "search", false],
      ["report toolStarts", "planner", "search"],
    ]);
    bench.clock.now += 500;
    end("failure", "timeout");
    end("success");
    const how = { outcome: "failure", seconds: 0.5, errorType: "timeout" };
    expect(bench.done()).toEqual([
      ["closed toolStarts", "planner", "search"],
      ["toolEnded", "planner", "search", how],
      ["stepEnded", "planner", "execute_tool search", how],
    ]);
    expect(invocation.isAsking(undefined)).toBe(false);
    invocation.end("success");
    expect(bench.done()).toEqual([
      ["attempted", "planner", { taskType: "execute_tool search", outcome: "failure", errorType: "timeout" }],
      agentEnded(1, 0, { outcome: "success", seconds: 0.5 }),
    ]);
  });

  it("is a repetition from the third of the same digest on, and none without", () => {
    for (const digest of [1, 1, 2, 1, undefined, 1]) invocation.toolCalledWith("search", digest);
    expect(bench.done().map(([, , , isRepetition]) => isRepetition)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it("that is withdrawn is not counted, and of one of a kind nobody is told", () => {
    const [end, endKind] = [
      invocation.toolStarts("search"),
      invocation.toolStarts("search", undefined, true),
    ];
    expect(bench.done()).toEqual([["report toolStarts", "planner", "search"]]);
    end("withdrawn");
    expect(bench.done()).toEqual([["closed toolStarts", "planner", "search"]]);
    endKind("success");
    expect(bench.done().map(([name]) => name)).toEqual(["toolEnded", "stepEnded"]);
  });

  it("that is open when the invocation ends is not counted later", () => {
    const end = invocation.toolStarts("search");
    invocation.end("success");
    bench.done();
    end("success");
    expect(bench.done()).toEqual([]);
  });

  it("that could not start is a failed step; one of no such tool opens no failure", () => {
    bench.clock.now += 1000;
    invocation.toolNotStarted("search", "invalid");
    const how = { outcome: "failure", seconds: 0, errorType: "invalid" };
    expect(bench.done()).toEqual([["stepEnded", "planner", "execute_tool search", how]]);
    invocation.toolNotStarted(undefined, undefined);
    expect(bench.done()).toEqual([
      ["attempted", "planner", { taskType: "execute_tool search", outcome: "failure", errorType: "invalid" }],
    ]);
    invocation.goesOn();
    expect(bench.done()).toEqual([
      ["attempted", "planner", { taskType: "execute_tool unknown", outcome: "failure", seconds: 0 }],
    ]);
    invocation.end("success");
    bench.done();
    invocation.toolNotStarted("search", "invalid");
    expect(bench.done()).toEqual([]);
  });
});
