import { beforeEach, describe, expect, it } from "vitest";
import { FrameworkReports } from "../../../src/observe/work/framework-reports.ts";

let elapsed: number;
let reports: FrameworkReports;

beforeEach(() => {
  elapsed = 1000;
  reports = new FrameworkReports(() => elapsed);
});

/** Calls a tool of each name, one after the other. */
function callEach(count: number): void {
  for (let i = 0; i < count; i += 1) reports.toolStarts("planner", `tool${i}`)();
}

describe("a tool call that a framework reports", () => {
  it("is that of its agent while it is open, and afterwards for those who ask about then", () => {
    const end = reports.toolStarts("planner", "search");
    expect(reports.agentThatRan("search")).toBe("planner");
    expect(reports.agentThatRan("other")).toBeUndefined();
    elapsed = 2000;
    end();
    expect(reports.agentThatRan("search")).toBeUndefined();
    expect(reports.agentThatRan("search", 2000)).toBe("planner");
    expect(reports.agentThatRan("search", 2001)).toBeUndefined();
  });

  it("is open until each of its calls has ended, each once", () => {
    const [one, two] = [reports.toolStarts("planner", "search"), reports.toolStarts("planner", "search")];
    one();
    one();
    expect(reports.agentThatRan("search")).toBe("planner");
    two();
    expect(reports.agentThatRan("search")).toBeUndefined();
  });

  it("may have a prefix to its name, which others do not know", () => {
    reports.toolStarts("planner", "files__read");
    expect(reports.agentThatRan("read")).toBe("planner");
    expect(reports.agentThatRan("ead")).toBeUndefined();
    expect(reports.agentThatRan("files__read_all")).toBeUndefined();
  });

  it("is remembered among the last thousand that have ended", () => {
    callEach(1000);
    expect(reports.agentThatRan("tool0", 0)).toBe("planner");
    reports.toolStarts("planner", "one more")();
    expect(reports.agentThatRan("tool0", 0)).toBeUndefined();
    expect(reports.agentThatRan("tool1", 0)).toBe("planner");
    expect(reports.agentThatRan("one more", 0)).toBe("planner");
  });

  it("is not forgotten while it is open, nor if it was called again since", () => {
    reports.toolStarts("planner", "open");
    reports.toolStarts("planner", "again")();
    callEach(900);
    reports.toolStarts("planner", "again")();
    callEach(1000);
    expect(reports.agentThatRan("open")).toBe("planner");
    expect(reports.agentThatRan("again", 0)).toBeUndefined();
    callEach(900);
    reports.toolStarts("planner", "again")();
    expect(reports.agentThatRan("again", 0)).toBe("planner");
  });
});

describe("a model call that a framework reports", () => {
  it.for([
    ["gpt-4o", "gpt-4o", "planner"],
    ["gpt-4o", "gpt-4o-2024-08-06", "planner"],
    ["gpt-4o-2024-08-06", "gpt-4o", "planner"],
    ["gpt-4o", undefined, "planner"],
    [undefined, "gpt-4o", "planner"],
    ["gpt-4o", "claude", undefined],
    ["gpt-4o", "gpt-4o-mini", undefined],
    ["gpt-4o-mini-2024-07-18", "gpt-4o", undefined],
    ["gpt-5", "gpt-5.1", undefined],
    ["gpt-5", "gpt-5-nano-2025-08-07", undefined],
    ["gemini-2.5-flash", "gemini-2.5-flash-lite", undefined],
    ["gpt-4", "gpt-4-32k", undefined],
    ["gemini-2.5-pro", "gemini-2.5-pro-preview-05-06", "planner"],
    ["claude-sonnet-4-5", "claude-sonnet-4-5@20250929", "planner"],
    ["mistral-large", "mistral-large-latest", "planner"],
  ] as const)("of %s is that of %s for %s", ([reported, asked, agent]) => {
    const end = reports.modelStarts("planner", reported);
    expect(reports.agentThatAsked(asked)).toBe(agent);
    end();
    expect(reports.agentThatAsked(asked)).toBeUndefined();
    expect(reports.agentThatAsked(asked, elapsed)).toBe(agent);
  });

  it("reports its tokens, unless it has ended without", () => {
    expect(reports.reportsTokensOf("planner")).toBe(false);
    reports.modelStarts("planner", "m");
    expect(reports.reportsTokensOf("planner")).toBe(true);
    reports.tokensWereReported("planner", false);
    reports.modelStarts("planner", "m");
    expect(reports.reportsTokensOf("planner")).toBe(false);
  });
});

describe("an agent that a framework reports", () => {
  it("is known by its name, its spans by theirs, until no framework is observed", () => {
    reports.reportsAgent("planner", "Planner agent");
    reports.reportsAgent("writer");
    reports.modelStarts("planner", "m");
    expect(["planner", "writer", "Planner agent"].map((it) => reports.isReported(it))).toEqual([
      true,
      true,
      false,
    ]);
    expect(["Planner agent", "writer", "planner"].map((it) => reports.invocationOf(it))).toEqual([
      "planner",
      "writer",
      undefined,
    ]);
    reports.forgetAgents();
    expect([reports.isReported("planner"), reports.invocationOf("writer")]).toEqual([false, undefined]);
    expect(reports.reportsTokensOf("planner")).toBe(false);
  });

  it("is known for a bounded number of names of spans", () => {
    for (let i = 0; i < 1001; i += 1) reports.reportsAgent("planner", `span ${i}`);
    expect(reports.invocationOf("span 999")).toBe("planner");
    expect(reports.invocationOf("span 1000")).toBeUndefined();
  });
});
