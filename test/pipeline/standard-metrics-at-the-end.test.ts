import { expect, it } from "vitest";
import { StandardMetrics } from "../../src/telemetry/genai/standard-metrics.ts";
import { Harness } from "./harness.ts";

it("gives out at the end what waited for a collection to show whose it is", async () => {
  const harness = new Harness();
  const { pipeline, world } = harness;
  const metrics = new StandardMetrics(() => pipeline.ownProvider.getMeter("standard"));
  pipeline.whenCollected((foreign) => metrics.collected(foreign));
  await pipeline.collect();
  const calls = { operation: "invoke_agent", toolCalls: 0, inferenceCalls: 1 };
  metrics.agentInvoked(1.5, calls, "planner", undefined);
  world.millis += 1000;
  await pipeline.stop();
  const shown = await harness.shown();
  expect(shown.get("gen_ai_invoke_agent_duration_seconds")).toMatchObject([
    { value: { count: 1, sum: 1.5 } },
  ]);
});
