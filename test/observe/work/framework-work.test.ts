import { expect, it, vi } from "vitest";
import { usageOf as vercelUsage } from "../../../src/observe/ai-sdk/message.ts";
import { usageOf as langChainUsage } from "../../../src/observe/langchain/usage.ts";
import { usageOf as openAiUsage } from "../../../src/observe/openai-agents/span.ts";
import { WorkBench } from "../bench-of-work.ts";

it("keeps 200 names of agents, and shows the others as other", () => {
  const bench = new WorkBench();
  for (let agent = 0; agent < 210; agent += 1) bench.work.begin(`agent-${agent}`).end("success");
  expect(bench.agentNames).toHaveLength(201);
  expect(bench.of("other").completedTasks).toBe(10);
});

it("counts the first end of an invocation", () => {
  const bench = new WorkBench();
  const invocation = bench.work.begin("one");
  invocation.end("failure", "Boom");
  invocation.end("success");
  invocation.toolStarts("search")("failure");
  expect(bench.of("one")).toMatchObject({ completedTasks: 0, failedTasks: 1, activeTasks: 0 });
});

it("measures a recovery from the first failure to the next success of the same kind", () => {
  const bench = new WorkBench();
  const invocation = bench.work.begin("one");
  for (const outcome of ["failure", "failure", "success"] as const) {
    invocation.toolStarts("search")(outcome);
    invocation.toolStarts("other")("success");
    bench.harness.world.millis += 2000;
  }
  invocation.end("success");
  expect(bench.of("one")).toMatchObject({ recoveredFailures: 1, averageRecoveryTime: 4, successRate: 4 / 6 });
});

it("knows the open tools, also by names with an adapter's prefix", () => {
  const { work } = new WorkBench();
  const invocation = work.begin("one");
  const first = invocation.toolStarts("search");
  const second = invocation.toolStarts("search");
  invocation.toolStarts("mcp__files__read");
  expect(["search", "read", "files", "arch"].map((tool) => work.isToolOpen(tool))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  first("success");
  first("success");
  expect(work.isToolOpen("search")).toBe(true);
  second("failure");
  expect(work.isToolOpen("search")).toBe(false);
  expect(work.isToolOpen("read")).toBe(true);
  invocation.end("cancelled");
  expect(work.isToolOpen("read")).toBe(false);
});

it("counts a task that is no invocation, and times its recovery", async () => {
  const bench = new WorkBench();
  const failing = bench.work.beginTask("server", "execute_tool read");
  bench.harness.world.millis += 1500;
  failing("failure", "tool_error");
  failing("success");
  bench.harness.world.millis += 2500;
  bench.work.beginTask("server", "execute_tool read")("success");
  bench.work.beginTask(undefined, "resources/read")("cancelled");
  expect(bench.of("server")).toMatchObject({
    completedTasks: 1,
    failedTasks: 1,
    activeTasks: 0,
    averageRecoveryTime: 2.5,
    // Tasks of 1.5 and 0 seconds.
    latencyP95: expect.closeTo(1.425, 1),
  });
  expect(bench.of("the-process").cancelledTasks).toBe(1);
  expect(await bench.standard()).toEqual({});
});

it("follows at most 10,000 open tasks and invocations, and counts those beyond", () => {
  const bench = new WorkBench();
  const skipped = () => bench.harness.pipeline.skips.counts.get("max_open_tasks");
  const ends = Array.from({ length: 9999 }, (_, i) => bench.work.beginTask(`server ${i % 2}`, "read"));
  bench.work.begin("planner");
  expect(skipped()).toBeUndefined();
  bench.work.beginTask("late", "read")("success");
  bench.work.begin("late").end("success");
  expect(skipped()).toBe(2);
  expect(bench.of("late").completedTasks).toBe(0);
  ends[0]?.("success");
  bench.work.beginTask("late", "read")("success");
  expect(skipped()).toBe(2);
  expect(bench.of("late").completedTasks).toBe(1);
});

it("loses a task that has not ended after an hour", async () => {
  const bench = new WorkBench();
  const end = bench.work.beginTask("server", "execute_tool read");
  bench.harness.world.millis += 3_599_000;
  bench.work.sweep();
  expect(bench.of("server").activeTasks).toBe(1);
  bench.harness.world.millis += 1001;
  bench.work.sweep();
  end("success");
  expect(bench.of("server")).toMatchObject({ activeTasks: 0, completedTasks: 0, failedTasks: 0 });
  await bench.harness.ticks(1);
  expect(await bench.harness.value("ai_cloud_lost_tasks_total", { agent: "server" })).toBe(1);
});

it("loses a task whose end will not be seen, once", async () => {
  const bench = new WorkBench();
  const end = bench.work.beginTask("server", "execute_tool read");
  end("lost");
  end("success");
  expect(bench.of("server")).toMatchObject({ activeTasks: 0, completedTasks: 0, failedTasks: 0 });
  await bench.harness.ticks(1);
  expect(await bench.harness.value("ai_cloud_lost_tasks_total", { agent: "server" })).toBe(1);
});

it("reads the tokens of frameworks, in older and newer shapes", () => {
  const usage = { input: 10, output: 4, cachedInput: 3 };
  const metadata = { input_tokens: 10, output_tokens: 4, input_token_details: { cache_read: 3 } };
  expect(langChainUsage({ generations: [[{ message: { usage_metadata: metadata } }]] })).toEqual(usage);
  expect(langChainUsage({ llmOutput: { tokenUsage: { promptTokens: 10, completionTokens: 4 } } })).toEqual({
    ...usage,
    cachedInput: 0,
  });
  expect(langChainUsage({ generations: [[{ text: "done" }]] })).toBeUndefined();
  const details = { inputTokenDetails: { cacheReadTokens: 3 } };
  expect(vercelUsage({ inputTokens: 10, outputTokens: 4, ...details })).toEqual(usage);
  expect(vercelUsage({ inputTokens: { total: 10, cacheRead: 3 }, outputTokens: { total: 4 } })).toEqual(
    usage,
  );
  expect(vercelUsage({ inputTokens: Number.NaN, outputTokens: undefined })).toBeUndefined();
  const cached = { input_tokens: 10, output_tokens: 4, input_tokens_details: { cached_tokens: 3 } };
  expect(openAiUsage({ type: "response", _response: { usage: cached } })).toEqual(usage);
});

it("withdraws open work when it stops, and records nothing after", async () => {
  const bench = new WorkBench();
  const onClosed = vi.fn();
  const invocation = bench.work.begin("one", onClosed);
  invocation.toolStarts("browse")("failure");
  const endTool = invocation.toolStarts("search");
  const endTask = bench.work.beginTask("server", "execute_tool read");
  bench.work.begin("one").end("success");
  bench.work.stop();
  expect(onClosed).toHaveBeenCalledOnce();
  for (const name of ["one", "server"]) expect(bench.of(name).activeTasks).toBe(0);
  endTool("failure");
  endTask("failure");
  invocation.toolStarts("search")("failure");
  invocation.modelStarts("small")();
  invocation.modelAnswered({ input: 30, output: 4, cachedInput: 0 });
  invocation.goesOn();
  invocation.end("failure");
  bench.work.begin("late").end("failure");
  bench.work.beginTask("late", "execute_tool read")("failure");
  bench.work.stop();
  const nothing = { activeTasks: 0, failedTasks: 0, cancelledTasks: 0 };
  expect(bench.of("one")).toMatchObject({
    ...nothing,
    completedTasks: 1,
    successRate: 1,
    openFailures: [{ failureType: "execute_tool browse" }],
    resourceConsumption: {},
  });
  expect(bench.of("server")).toMatchObject({ ...nothing, completedTasks: 0, openFailures: [] });
  expect(bench.agentNames).toEqual(["one", "server"]);
  expect(bench.frameworkReports.isReported("late")).toBe(false);
  expect(bench.work.isToolOpen("search")).toBe(false);
  const { gen_ai_execute_tool_duration_seconds: tools, gen_ai_client_token_usage } = await bench.standard();
  expect(tools).toMatchObject([{ "gen_ai.tool.name": "browse", count: 1 }]);
  expect(gen_ai_client_token_usage).toBeUndefined();
  expect(bench.harness.pipeline.skips.counts.get("max_open_tasks")).toBeUndefined();
});

it("follows at most 10,000 at once, and counts the others", async () => {
  const bench = new WorkBench();
  const onClosed = vi.fn();
  const open = Array.from({ length: 9999 }, () => bench.work.begin("one"));
  const endTask = bench.work.beginTask("one", "ping");
  const beyond = bench.work.begin("one", onClosed);
  bench.work.beginTask("one", "ping")("success");
  beyond.toolStarts("search")("failure");
  beyond.end("success");
  await Promise.resolve();
  expect(onClosed).toHaveBeenCalledOnce();
  expect(bench.of("one")).toMatchObject({ activeTasks: 10_000, completedTasks: 0, openFailures: [] });
  expect(bench.harness.pipeline.skips.counts.get("max_open_tasks")).toBe(2);
  endTask("success");
  bench.work.begin("one").end("success");
  for (const invocation of open.slice(1)) invocation.end("success");
  expect(bench.of("one")).toMatchObject({ activeTasks: 1, completedTasks: 10_000 });
});

it("has room again when open requests are lost", () => {
  const bench = new WorkBench();
  for (let task = 0; task < 10_000; task += 1) bench.work.beginTask("one", "ping");
  bench.harness.world.millis += 3_600_001;
  bench.work.beginTask("one", "ping")("success");
  expect(bench.of("one")).toMatchObject({ activeTasks: 0, completedTasks: 1 });
  expect(bench.harness.pipeline.skips.counts.get("max_open_tasks")).toBeUndefined();
});

it("knows whether a tool has run since it was asked to watch them", () => {
  const bench = new WorkBench();
  const invocation = bench.work.begin("planner");
  invocation.toolStarts("early")("success");
  bench.harness.world.millis += 10;
  const hasRun = bench.work.watchTools();
  expect(hasRun()).toBe(false);
  invocation.toolStarts("late")("success");
  expect(hasRun()).toBe(true);
});

it("closes an invocation that it does not follow, once its caller has it", async () => {
  const bench = new WorkBench();
  bench.work.stop();
  const closed = vi.fn();
  const invocation = bench.work.begin("planner", closed);
  expect(closed).not.toHaveBeenCalled();
  await Promise.resolve();
  expect(closed).toHaveBeenCalledOnce();
  expect(invocation.isOver).toBe(true);
  expect(bench.frameworkReports.isReported("planner")).toBe(false);
});

it("reports an agent to those who read spans, by its name there, unless it has no span", () => {
  const bench = new WorkBench();
  bench.work.begin("planner");
  bench.work.begin("coder", undefined, "run coder");
  bench.work.begin("guide", undefined, "");
  bench.work.begin("");
  const { frameworkReports: reports } = bench;
  const names = ["planner", "coder", "guide", "the-process"];
  expect(names.map((name) => reports.isReported(name))).toEqual([true, true, false, true]);
  expect(["planner", "coder", "run coder"].map((name) => reports.invocationOf(name))).toEqual([
    "planner",
    undefined,
    "coder",
  ]);
});
