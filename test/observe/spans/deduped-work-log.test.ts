import { beforeEach, describe, expect, it } from "vitest";
import { DedupedWorkLog, recordCall } from "../../../src/observe/spans/deduped-work-log.ts";
import type { HeldCall } from "../../../src/observe/spans/span-tree.ts";
import { FrameworkReports } from "../../../src/observe/work/framework-reports.ts";
import type { WorkLog } from "../../../src/observe/work/work-log.ts";

const how = { outcome: "success", seconds: 2, at: 5 } as const;
const step = { taskType: "chat", outcome: "failure", errorType: "429" } as const;
const calls = { operation: "invoke_agent", toolCalls: 1, inferenceCalls: 2 };
const usage = { input: 7, output: 3, cachedInput: 0 };
const call = { operation: "chat", model: "m" };
let reports: FrameworkReports;
let recorded: unknown[][];
let log: DedupedWorkLog;

/** A log that lists what it is asked to record. */
const list = new Proxy(
  {},
  {
    get:
      (_, name) =>
      (...args: unknown[]) => {
        recorded.push([name, ...args]);
        return (...ending: unknown[]) => recorded.push(["ended", ...ending]);
      },
  },
) as WorkLog;

beforeEach(() => {
  recorded = [];
  reports = new FrameworkReports(() => 0);
  log = new DedupedWorkLog(list, reports);
});

describe("the work in spans", () => {
  it("is recorded as it is while no framework reports its agent", () => {
    log.openTask("planner", "plan")("failure", 3, "429");
    log.toolEnded("planner", "search", how);
    log.stepEnded("planner", "chat", how);
    log.attempted("planner", step);
    log.tokensUsed("planner", usage, call);
    expect(recorded).toEqual([
      ["openTask", "planner", "plan"],
      ["ended", "failure", 3, "429"],
      ["toolEnded", "planner", "search", how],
      ["stepEnded", "planner", "chat", how],
      ["attempted", "planner", step],
      ["tokensUsed", "planner", usage, call],
    ]);
  });

  it("ends an invocation of an agent with its calls", () => {
    const end = log.openTask("planner", "invoke_agent");
    log.agentEnded(end, "planner", calls, how);
    log.lost(end);
    expect(recorded.slice(1)).toEqual([
      ["agentEnded", end, "planner", calls, how],
      ["lost", end],
    ]);
  });

  it("is left to the framework that reports its agent, but for tokens that it does not report", () => {
    reports.reportsAgent("planner");
    log.openTask("planner", "plan")("success", 3);
    log.toolEnded("planner", "search", how);
    log.stepEnded("planner", "chat", how);
    log.attempted("planner", step);
    expect(recorded).toEqual([]);
    log.tokensUsed("planner", usage, call);
    expect(recorded).toEqual([["tokensUsed", "planner", usage, call]]);
    reports.modelStarts("planner", "m");
    log.tokensUsed("planner", usage, call);
    expect(recorded).toHaveLength(1);
  });

  it("is withdrawn if a framework reports its agent before it has ended", () => {
    const [task, invocation] = [log.openTask("planner", "plan"), log.openTask("planner", "invoke_agent")];
    reports.reportsAgent("planner");
    task("success", 3, undefined);
    log.agentEnded(invocation, "planner", calls, how);
    expect(recorded.slice(2)).toEqual([
      ["ended", "withdrawn", 3, undefined],
      ["ended", "withdrawn", 0, undefined],
    ]);
  });

  it("belongs to the agent of a framework that called the same tool, or the same model for a chat", () => {
    reports.toolStarts("planner", "search");
    reports.modelStarts("writer", "m");
    const by = (work: object) => log.reportedBy(work as never, 0);
    expect(by({ role: "tool", toolName: "search", taskType: "execute_tool search" })).toBe("planner");
    expect(by({ role: "tool", toolName: "other", taskType: "execute_tool other" })).toBeUndefined();
    expect(by({ role: "tool", taskType: "execute_tool" })).toBeUndefined();
    expect(by({ role: "model", model: "m", taskType: "chat" })).toBe("writer");
    expect(by({ role: "model", model: "m", taskType: "embeddings" })).toBeUndefined();
    expect(by({ role: "agent", toolName: "search", taskType: "invoke_agent" })).toBeUndefined();
  });
});

describe("a call in a span", () => {
  const recordedOf = (work: HeldCall["work"]): unknown[][] => {
    const node = {} as HeldCall["node"];
    recordCall(log, "planner", { node, work, how, reportedBy: undefined });
    return recorded;
  };

  it("of a tool is a call of that tool and a step", () => {
    expect(recordedOf({ role: "tool", taskType: "execute_tool search", toolName: "search" })).toEqual([
      ["toolEnded", "planner", "search", how],
      ["stepEnded", "planner", "execute_tool search", how],
    ]);
  });

  it("of a model is a step, with its tokens, and no call of a tool", () => {
    expect(recordedOf({ role: "model", taskType: "chat", model: "m", usage, firstPartSeconds: 1 })).toEqual([
      ["tokensUsed", "planner", usage, expect.objectContaining({ model: "m" })],
      ["firstTokenArrived", "planner", "m", 1],
      ["stepEnded", "planner", "chat", how],
    ]);
  });
});
