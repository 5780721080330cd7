import { Agent, run, setTraceProcessors, setTracingDisabled } from "@openai/agents";
import { assistantMessage, modelResponder, ScriptedModel } from "@openai/agents-core/testing";
import { expect, it } from "vitest";
import { observeFrameworks } from "../../src/run/observe-frameworks.ts";
import { Runtime } from "../../src/run/runtime.ts";
import { McpBench } from "./mcp/bench-of-mcp.ts";
import { protocols, sdks } from "./mcp/sdks.ts";
import { Toolbox } from "./mcp/toolbox.ts";

it("withdraws open runs when it is stopped", async () => {
  setTracingDisabled(false);
  setTraceProcessors([]);
  const runtime = new Runtime();
  const stop = observeFrameworks(runtime, ["langchain", "mcp", "ai-sdk"]);
  const { surroundings: clock } = runtime.pipeline;
  const { book } = runtime.pipeline.instruments;
  const active: number[] = [];
  const isTold = () => runtime.frameworkReports.isReported("waiter");
  const look = () => active.push(book.performance("waiter", clock.now()).activeTasks);
  const answer = modelResponder(() => {
    look();
    expect(isTold()).toBe(true);
    stop();
    look();
    return [assistantMessage("done")];
  });
  await run(new Agent({ name: "waiter", model: new ScriptedModel([answer]) }), "Go.");
  look();
  expect(active).toEqual([1, 0, 0]);
  expect(isTold()).toBe(false);
  expect(book.performance("waiter", clock.now())).toMatchObject({ completedTasks: 0, cancelledTasks: 0 });
});

it("counts a run once in a runtime that observes twice, until both have stopped", async () => {
  setTracingDisabled(false);
  setTraceProcessors([]);
  const runtime = new Runtime();
  const disabled = ["langchain", "mastra", "mcp", "ai-sdk"];
  const stops = [observeFrameworks(runtime, disabled), observeFrameworks(runtime, disabled)];
  const { surroundings: clock } = runtime.pipeline;
  const { book } = runtime.pipeline.instruments;
  const runOnce = async (): Promise<number> => {
    const model = new ScriptedModel([modelResponder(() => [assistantMessage("done")])]);
    await run(new Agent({ name: "twice", model }), "Go.");
    return book.performance("twice", clock.now()).completedTasks;
  };
  expect(await runOnce()).toBe(1);
  stops[0]?.();
  stops[0]?.();
  expect(await runOnce()).toBe(2);
  stops[1]?.();
  expect(await runOnce()).toBe(2);
});

it("observes the other frameworks if one can't be observed", async () => {
  setTracingDisabled(false);
  setTraceProcessors([]);
  const place = { value: Object.freeze([]), configurable: true };
  Object.defineProperty(globalThis, "AI_SDK_TELEMETRY_INTEGRATIONS", place);
  const runtime = new Runtime();
  const stop = observeFrameworks(runtime);
  const model = new ScriptedModel([modelResponder(() => [assistantMessage("done")])]);
  await run(new Agent({ name: "beside", model }), "Go.");
  const { instruments, surroundings } = runtime.pipeline;
  expect(instruments.book.performance("beside", surroundings.now()).completedTasks).toBe(1);
  expect(stop).not.toThrow();
  Reflect.deleteProperty(globalThis, "AI_SDK_TELEMETRY_INTEGRATIONS");
});

it.for(sdks)("withdraws open requests of MCP, $title", async ({ connect }) => {
  const bench = new McpBench(protocols);
  const toolbox = new Toolbox();
  const client = await connect(toolbox);
  const active = () => ["asker", "librarian"].map((name) => bench.of(name).activeTasks);
  const hanging = toolbox.hanging();
  const call = Promise.resolve(client.callTool("hang")).catch(() => {});
  await hanging;
  expect(active()).toEqual([1, 1]);
  bench.observer.stop();
  bench.work.stop();
  expect(active()).toEqual([0, 0]);
  await client.close();
  await call;
  for (const name of ["asker", "librarian"])
    expect(bench.of(name)).toMatchObject({ activeTasks: 0, completedTasks: 0, failedTasks: 0 });
});
