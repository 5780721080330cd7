import { describe, expect, it } from "vitest";
import { AgentUses } from "../../../src/measure/instruments/agent-uses.ts";
import { UseOfToday } from "../../../src/measure/instruments/use-of-today.ts";

const NOON = Date.UTC(2026, 0, 1, 12);
const use = (agent: string, tokens = 1) => ({ agent, model: "m", tokens, cost: undefined });

describe("what agents have used", () => {
  it("is forgotten of agents that are not there and have used nothing", () => {
    const uses = new AgentUses();
    for (const agent of ["there", "gone", "used"]) uses.use(NOON, use(agent));
    uses.startDay();
    uses.use(NOON, use("used"));
    expect(uses.forgetUnused((agent) => agent === "there")).toEqual(["gone"]);
    expect(Array.from(uses, ({ agent }) => agent)).toEqual(["there", "used"]);
    expect([uses.size, uses.has("gone"), uses.has("there")]).toEqual([2, false, true]);
  });
});

describe("what is saved of an agent", () => {
  it.for([
    { costs: [undefined], cost: {} },
    { costs: [0.5], cost: { cost: 0.5 } },
    { costs: [0], cost: { cost: 0 } },
    { costs: [0.5, undefined], cost: { cost: 0.5 } },
    { costs: [0.5, 0.25], cost: { cost: 0.75 } },
  ])("with the costs $costs of its models has $cost", ({ costs, cost }) => {
    const uses = new AgentUses();
    for (const [model, its] of costs.entries())
      uses.use(NOON, { agent: "a", model: `m${model}`, tokens: 2, cost: its });
    const models = costs.map((its, model) => ({
      model: `m${model}`,
      tokens: 2,
      ...(its === undefined ? {} : { cost: its }),
    }));
    expect(uses.used()).toEqual([
      { agent: "a", lastUsedAt: NOON, tokens: 2 * costs.length, ...cost, models },
    ]);
  });
});

describe("what the last process used today", () => {
  it("is restored of agents that are here, and of those that are kept", () => {
    const today = new UseOfToday(undefined);
    today.moveTo(NOON);
    today.own.use(NOON, use("here"));
    const saved = ["here", "kept", "other"].map((agent) => ({ agent, lastUsedAt: NOON, tokens: 10 }));
    today.restore(saved, NOON, (agent) => agent === "kept");
    expect(today.usedToday(NOON).map(({ agent, tokens }) => [agent, tokens])).toEqual([
      ["here", 11],
      ["kept", 10],
    ]);
    expect([today.own.isRestored("here"), today.own.isRestored("kept")]).toEqual([false, true]);
  });
});
