import { expect, it } from "vitest";
import { AgentRuns } from "../../../src/measure/instruments/agent-runs.ts";

const summary = (runs: AgentRuns) =>
  runs.collect().map(({ scope, name, points }) => ({
    [`${scope.split("/")[1]} ${name}`]: points.map(({ labels, value }) => {
      const what = typeof value === "number" ? value : [value.count, value.sum, value.min, value.max];
      return [...Object.values(labels), what];
    }),
  }));

it("measures the calls of runs, first parts of answers and repeated calls since the last collection", () => {
  const runs = new AgentRuns("ns");
  runs.runEnded("planner", { inferenceCalls: 3, toolCalls: 0 });
  runs.runEnded("planner", { inferenceCalls: 5, toolCalls: 2 });
  runs.firstTokenArrived("planner", "m", 0.5);
  runs.firstTokenArrived("clerk", "n", 2);
  for (const broken of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    runs.firstTokenArrived("clerk", "n", broken);
  runs.toolCalled("planner", "search", false);
  expect(summary(runs)).toEqual([
    { "runs ns.run.model_calls": [["planner", [2, 8, 3, 5]]] },
    { "runs ns.run.tool_calls": [["planner", [2, 2, 0, 2]]] },
    {
      "agents ns.first_token.duration": [
        ["planner", "m", [1, 0.5, 0.5, 0.5]],
        ["clerk", "n", [1, 2, 2, 2]],
      ],
    },
    // The first call is no repetition: it is counted as 0.
    { "agents ns.repeated_tool_calls": [["planner", "search", 0]] },
  ]);
  expect(summary(runs)).toEqual([]);
  runs.toolCalled("planner", "search", true);
  runs.runEnded("planner", { inferenceCalls: 1, toolCalls: 1 });
  expect(summary(runs)).toEqual([
    { "runs ns.run.model_calls": [["planner", [1, 1, 1, 1]]] },
    { "runs ns.run.tool_calls": [["planner", [1, 1, 1, 1]]] },
    { "agents ns.repeated_tool_calls": [["planner", "search", 1]] },
  ]);
});
