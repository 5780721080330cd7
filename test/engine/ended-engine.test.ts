import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { Harness } from "../run/harness.ts";

/** An engine with series. Returns the memory of their trials. */
async function memoryOfTrials(): Promise<WeakRef<object>> {
  const harness = new Harness();
  await harness.ticks(3, () => harness.pipeline.recordAgent({ agentName: "a", memoryUsage: 5 }));
  const [forecaster] = harness.pipeline.engine.forecasters;
  if (forecaster === undefined) throw new Error("the engine has no series");
  const { rows } = forecaster.plan.trials;
  return new WeakRef(rows.blockOf(rows.add(new Float64Array(0))));
}

it("an engine that was replaced leaves no memory of its trials behind", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const memory = await memoryOfTrials();
  // A weak reference is kept until the end of the turn in which it was made.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(memory.deref()).toBeUndefined();
});
