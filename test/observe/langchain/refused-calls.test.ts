import { CallbackManager } from "@langchain/core/callbacks/manager";
import { AIMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { LangChainObserver, type ManagerClass } from "../../../src/observe/langchain/langchain.ts";
import { RefusedCalls, StartedCalls } from "../../../src/observe/langchain/refused-calls.ts";
import { WorkBench } from "../bench-of-work.ts";
import { agent, callOf } from "./langgraph-graphs.ts";

const done = () => new AIMessage("done");
const search = tool(
  async ({ page }) => {
    if (page < 0) throw new RangeError("no such page");
    return "found";
  },
  { name: "search", schema: z.object({ page: z.number() }) },
);

function searchOf(page: unknown): AIMessage {
  return new AIMessage({ content: "", tool_calls: [{ name: "search", args: { page }, id: `page-${page}` }] });
}

let bench: WorkBench;
let observer: LangChainObserver;

beforeEach(() => {
  bench = new WorkBench();
  observer = new LangChainObserver(bench.work);
  observer.join(CallbackManager as unknown as ManagerClass);
});
afterEach(() => observer.stop());

it.each([
  {
    title: "for a tool that does not exist",
    asked: () => callOf("made_up"),
    type: "execute_tool unknown",
    error: "tool_not_found",
    recovered: 0,
  },
  {
    title: "with an input that does not fit",
    asked: () => searchOf("?"),
    type: "execute_tool search",
    error: "ToolInputParsingException",
    recovered: 1,
  },
  {
    title: "that fails after its start",
    asked: () => searchOf(-1),
    type: "execute_tool search",
    error: "RangeError",
    recovered: 1,
  },
])("a call $title is one failed attempt", async ({ asked, type, error, recovered }) => {
  const answers = [asked(), searchOf(1), done(), done()];
  const researcher = agent("researcher", answers, [search], { checkpointer: new MemorySaver() });
  const thread = { configurable: { thread_id: "1" } };
  await researcher.invoke({ messages: [] }, thread);
  // The messages of the first run come again.
  await researcher.invoke({ messages: [] }, thread);
  expect(bench.of("researcher")).toMatchObject({
    completedTasks: 2,
    failedTasks: 0,
    successRate: 2 / 3,
    recoveredFailures: recovered,
    openFailures: [],
  });
  await bench.harness.ticks(1);
  const labels = { agent: "researcher", task_type: type, error_type: error };
  expect(await bench.harness.value("ai_cloud_retried_attempts_total", labels)).toBe(1);
});

it("no call is reported that has started, where LangChain does not report the ids of calls", () => {
  const started = new StartedCalls();
  started.add(undefined, "search");
  const failed = (name: string) =>
    new ToolMessage({ content: "Error: no", name, tool_call_id: name, status: "error" });
  const invocation = bench.work.begin("one");
  const output = { messages: [null, "text", failed("search"), failed("other")] };
  new RefusedCalls().report(invocation, started, undefined, output);
  invocation.end("success");
  expect(bench.of("one")).toMatchObject({
    successRate: 0.5,
    openFailures: [{ failureType: "execute_tool other" }],
  });
});
