import { expect, it } from "vitest";
import { StandardMetrics } from "../../src/observe/work/standard-metrics.ts";
import { Harness } from "./harness.ts";

it("gives out at the end what waited for a collection to show whose it is", async () => {
  const harness = new Harness();
  const { pipeline, world } = harness;
  const metrics = new StandardMetrics(() => pipeline.instruments.provider.getMeter("standard"));
  pipeline.readers.listen(metrics);
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

it("collects once at the end where nothing has waited", async () => {
  const { pipeline } = new Harness();
  let collections = 0;
  const counting = pipeline.instruments.provider.getMeter("counting").createObservableGauge("counting");
  counting.addCallback(() => {
    collections += 1;
  });
  const metrics = new StandardMetrics(() => pipeline.instruments.provider.getMeter("standard"));
  pipeline.readers.listen(metrics);
  await pipeline.stop();
  expect(collections).toBe(1);
});

it.each(["gen_ai.execute_tool.duration", "mcp.server.operation.duration"])(
  "leaves %s to an instrumentation of the application, also where a collection is under way",
  async (name) => {
    const harness = new Harness();
    const { pipeline } = harness;
    const metrics = new StandardMetrics(() => pipeline.instruments.provider.getMeter("standard"));
    pipeline.readers.listen(metrics);
    const theirs = harness.application().getMeter("theirs").createHistogram(name);
    const gate = Promise.withResolvers<void>();
    const isCollecting = Promise.withResolvers<void>();
    const slow = pipeline.instruments.provider.getMeter("slow").createObservableGauge("slow");
    slow.addCallback(() => {
      isCollecting.resolve();
      return gate.promise;
    });
    const collecting = pipeline.collect();
    await isCollecting.promise;
    // The application's own instruments have no callbacks, and are collected by now.
    await new Promise(setImmediate);
    theirs.record(1);
    metrics.toolExecuted(1, { agentName: "planner", toolName: "search" }, undefined);
    const link = { protocolVersion: undefined, transport: undefined, errorType: undefined };
    const call = { method: "tools/call", toolName: "search", promptName: undefined, statusCode: undefined };
    metrics.mcpOperation("server", 1, { ...call, ...link });
    gate.resolve();
    await collecting;
    await harness.ticks(2);
    const shown = (await harness.shown()).get(`${name.replaceAll(".", "_")}_seconds`) ?? [];
    expect(shown).toEqual([]);
  },
);
