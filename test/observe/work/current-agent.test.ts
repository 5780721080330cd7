import { setImmediate as later } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import {
  AgentAtWork,
  agentBegins,
  CurrentAgents,
  inTool,
  keepingAgent,
  startWorkFor,
  workFor,
} from "../../../src/observe/work/current-agent.ts";

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

it("an agent in one of its tools is asked for no model, and else is as it is outside", () => {
  const run = {
    isOver: false,
    isAsking: () => true,
    goesOn: vi.fn(),
    askedModel: vi.fn(),
    stepEnded: vi.fn(),
    beganInside: vi.fn(),
  };
  const agent = new AgentAtWork("planner", run);
  const tool = inTool(agent);
  expect([tool.agentName, tool.isInside(agent), agent.isInside(tool)]).toEqual(["planner", true, false]);
  expect([tool.run?.isAsking("m"), tool.run?.isOver]).toEqual([false, false]);
  run.isOver = true;
  expect(tool.run?.isOver).toBe(true);
  tool.run?.goesOn();
  tool.run?.askedModel();
  tool.run?.stepEnded("chat", "failure", "429");
  tool.run?.beganInside("helper");
  expect([run.goesOn, run.askedModel, run.stepEnded, run.beganInside].map(({ mock }) => mock.calls)).toEqual([
    [[]],
    [[]],
    [["chat", "failure", "429"]],
    [["helper"]],
  ]);
  const plain = inTool(new AgentAtWork("planner"));
  expect([plain.agentName, plain.run]).toEqual(["planner", undefined]);
});

it("an agent that begins is told to the run around it, if there is one", () => {
  const beganInside = vi.fn();
  agentBegins("nobody");
  workFor(new AgentAtWork("planner"), () => agentBegins("nobody"));
  workFor(new AgentAtWork("planner", { beganInside } as never), () => agentBegins("helper"));
  expect(beganInside.mock.calls).toEqual([["helper"]]);
});

it("code that starts work for an agent works for it to its end, unless the agent is kept", async () => {
  const agents = new CurrentAgents();
  const agent = new AgentAtWork("planner");
  await (async () => {
    await later();
    startWorkFor(agent);
    expect(agents.innermost).toBe(agent);
    expect(keepingAgent(() => startWorkFor(new AgentAtWork("other")))).toBeUndefined();
    expect(agents.innermost).toBe(agent);
    expect(() =>
      keepingAgent(() => {
        startWorkFor(new AgentAtWork("other"));
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(agents.innermost).toBe(agent);
  })();
});
