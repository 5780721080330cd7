import { setImmediate as later } from "node:timers/promises";
import { expect, it } from "vitest";
import { AgentAtWork, CurrentAgents, workFor } from "../../../src/observe/work/current-agent.ts";

it("finds the innermost agent, whichever of the contexts it is in", async () => {
  const agents = new CurrentAgents();
  const [outer, middle, inner] = ["outer", "middle", "inner"].map((name) => new AgentAtWork(name)) as [
    AgentAtWork,
    AgentAtWork,
    AgentAtWork,
  ];
  let located: AgentAtWork | undefined = outer;
  agents.locateBy(() => located);
  expect(agents.innermost).toBe(outer);
  await workFor(middle, async () => {
    await later();
    expect(agents.innermost).toBe(middle);
    located = inner;
    expect(agents.innermost).toBe(inner);
    located = undefined;
    expect(agents.innermost).toBe(middle);
  });
  expect(agents.innermost).toBeUndefined();
});

it("does without a context that can't be read, and without one that was taken back", () => {
  const agents = new CurrentAgents();
  agents.locateBy(() => {
    throw new Error("no context");
  });
  expect(agents.innermost).toBeUndefined();
  const found = new AgentAtWork("planner");
  const remove = agents.locateBy(() => found);
  expect(agents.innermost).toBe(found);
  remove();
  expect(agents.innermost).toBeUndefined();
});
