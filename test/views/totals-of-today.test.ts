import { describe, expect, it } from "vitest";
import { TASK_SCOPE, TODAY_SCOPE } from "../../src/otel/scopes.ts";
import {
  asTotalsOfToday,
  groupingOf,
  isOfToday,
  labelsOfSource,
  scopeForViews,
} from "../../src/views/totals-of-today.ts";

const ofScope = (scope: string, name = "ai_cloud.tokens_today") => ({
  ...{ scope, name, unit: "", description: "" },
  kind: "level" as const,
  points: [],
});

/** What was used today is measured by agent, and once more with what gone agents have used. */
describe("what was used today", () => {
  it.each([
    ["all", ["agent"], undefined],
    [["agent"], ["agent"], undefined],
    [["agent", "model"], ["agent", "model"], undefined],
    [["model"], undefined, ["model"]],
    [[], undefined, []],
  ] as const)("is taken once by a view by %j", (by, ofAgents, ofEverything) => {
    expect(groupingOf(by, ofScope(TASK_SCOPE))).toEqual(ofAgents);
    expect(groupingOf(by, ofScope(TODAY_SCOPE))).toEqual(ofEverything);
    for (const other of [ofScope("app"), ofScope(TASK_SCOPE, "ai_cloud.active_tasks")])
      expect(groupingOf(by, other)).toEqual(by);
  });

  it("is selected by the scope of agents, and outlives them", () => {
    expect(["app", TASK_SCOPE, TODAY_SCOPE].map((scope) => scopeForViews(ofScope(scope)))).toEqual([
      "app",
      TASK_SCOPE,
      TASK_SCOPE,
    ]);
    expect(labelsOfSource(ofScope(TASK_SCOPE), { agent: "a" })).toEqual({ agent: "a" });
    expect(labelsOfSource(ofScope(TODAY_SCOPE), { agent: "a" })).toEqual({});
  });
});

describe("a view of totals of the day", () => {
  const view = (...instruments: string[]) => ({ instruments, by: "all" as const, outputs: [] });

  it.each([
    [["ai_cloud.tokens_today"], true],
    [["ai_cloud.tokens_today", "ai_cloud.cost_today"], true],
    [["ai_cloud.*_today"], true],
    [["ai_cloud.tokens_today", "ai_cloud.active_tasks"], false],
    [["ai_cloud.*"], false],
    [["*_today"], false],
    [["other.tokens_today"], false],
  ])("of %j: %s", (instruments, expected) => {
    expect(isOfToday(view(...instruments), "ai_cloud")).toBe(expected);
  });

  it("has the scope of agents", () => {
    const scopes = [undefined, "*", TASK_SCOPE, "app"];
    const given = scopes.map((scope) => ({ ...view("ai_cloud.tokens_today"), ...(scope && { scope }) }));
    expect(given.map((it) => isOfToday(it, "ai_cloud"))).toEqual([true, true, true, false]);
  });

  it("is never below 0: its levels, and of any view the numbers of a day", () => {
    const outputs = (["level", "rate", "today"] as const).map((number) => ({
      ...{ name: number, number },
      ...{ isPublished: true, isForecast: true },
    }));
    const [ours, theirs] = asTotalsOfToday(
      ["ai_cloud.tokens_today", "orders"].map((name) => ({ ...view(name), outputs })),
      "ai_cloud",
    );
    const isTotal = (given: typeof ours) =>
      given?.outputs.map(({ bounds, isDailyTotal }) => bounds?.lower === 0 && isDailyTotal === true);
    expect(isTotal(ours)).toEqual([true, false, true]);
    expect(isTotal(theirs)).toEqual([false, false, true]);
  });
});
