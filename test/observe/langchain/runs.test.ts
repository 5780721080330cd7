import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
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

describe("the open runs of LangChain", () => {
  it("are forgotten together with their agent only", () => {
    const { runs, get } = bossAndHelper();
    get("helper").agent.invocation.end("success");
    const open = ["boss", "ask", "rest", "helper", "think", "expert"].filter((id) => runs.get(id));
    expect(open).toEqual(["boss", "ask", "rest", "expert"]);
  });

  it("list the agents that a step has started, the innermost first, until they end", () => {
    const { get } = bossAndHelper();
    const [helper, expert] = [get("helper"), get("expert")];
    expect(agentsWithin(get("ask"))).toEqual([expert, helper]);
    expect(agentsWithin(get("rest"))).toEqual([]);
    helper.agent.invocation.end("success");
    expect(agentsWithin(get("ask"))).toEqual([]);
  });

  it("keep the agents of ended runs, and no errors", async () => {
    const { runs, get } = bossAndHelper();
    for (const inner of ["expert", "helper"]) get(inner).agent.invocation.end("success");
    const failed = (): WeakRef<object> => {
      const error = new Error("no");
      get("boss").lastFailure = error;
      get("boss").agent.invocation.end("failure");
      return new WeakRef(error);
    };
    const error = failed();
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(error.deref()).toBeUndefined();
    expect(["boss", "ask"].map((id) => runs.agentIn(id)?.agentName)).toEqual(["boss", "boss"]);
  });

  it("remove a run once", () => {
    const { runs, get } = bossAndHelper();
    const rest = get("rest");
    expect(runs.take("rest")).toBe(rest);
    expect(runs.take("rest")).toBeUndefined();
  });
});
