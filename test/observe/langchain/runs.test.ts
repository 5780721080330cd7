import { describe, expect, it } from "vitest";
import { agentsWithin, OpenRuns } from "../../../src/observe/langchain/runs.ts";
import { WorkBench } from "../bench-of-work.ts";

/** A boss of which a step has begun a helper, beside another step. */
function bossAndHelper() {
  const { work } = new WorkBench();
  const runs = new OpenRuns();
  const get = (id: string) => runs.get(id) ?? expect.unreachable(id);
  runs.addAgent("boss", undefined, (onOver) => work.begin("boss", onOver));
  for (const id of ["ask", "rest"]) runs.addStep(id, get("boss"), {});
  runs.addAgent("helper", get("ask"), (onOver) => work.begin("helper", onOver));
  runs.addStep("think", get("helper"), {});
  runs.addAgent("expert", get("think"), (onOver) => work.begin("expert", onOver));
  return { runs, get };
}

describe("the runs of LangChain that are under way", () => {
  it("are forgotten with the agent whose steps they are, and no others", () => {
    const { runs, get } = bossAndHelper();
    get("helper").agent.invocation.end("success");
    const open = ["boss", "ask", "rest", "helper", "think", "expert"].filter((id) => runs.get(id));
    expect(open).toEqual(["boss", "ask", "rest", "expert"]);
  });

  it("tell which agents a step has begun, the innermost first, until they have ended", () => {
    const { get } = bossAndHelper();
    const [helper, expert] = [get("helper"), get("expert")];
    expect(agentsWithin(get("ask"))).toEqual([expert, helper]);
    expect(agentsWithin(get("rest"))).toEqual([]);
    helper.agent.invocation.end("success");
    expect(agentsWithin(get("ask"))).toEqual([]);
  });

  it("take a run out once", () => {
    const { runs, get } = bossAndHelper();
    const rest = get("rest");
    expect(runs.take("rest")).toBe(rest);
    expect(runs.take("rest")).toBeUndefined();
  });
});
