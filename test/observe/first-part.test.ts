import { CallbackManager } from "@langchain/core/callbacks/manager";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { beforeEach, expect, it } from "vitest";
import { LangChainObserver, type ManagerClass } from "../../src/observe/langchain/langchain.ts";
import { MastraObserver, type ObservabilityClass } from "../../src/observe/mastra/mastra.ts";
import { PiAgentObserver } from "../../src/observe/pi-agent-core/pi-agent-core.ts";
import { WorkBench } from "./bench-of-work.ts";
import { single } from "./langchain/langgraph-graphs.ts";
import { Observability } from "./mastra/fake-mastra.ts";
import { FakeAgent } from "./pi-agent-core/fake-agent.ts";

let bench: WorkBench;
beforeEach(() => {
  bench = new WorkBench();
});

/** The times to first outputs: labels, count and sum. */
async function firstOutputs(): Promise<object[]> {
  await bench.harness.ticks(2);
  const shown = (await bench.harness.shown()).get("ai_cloud_first_token_duration_seconds") ?? [];
  return shown.map(({ labels, value }) => {
    const { count, sum } = value as { count: number; sum: number };
    return { ...labels, count, sum };
  });
}

it("the time to the first output is that of a stream in a graph of LangGraph", async () => {
  const observer = new LangChainObserver(bench.work);
  observer.join(CallbackManager as unknown as ManagerClass);
  const model = new FakeListChatModel({ responses: ["abc"] });
  const streams = single("streams", async () => {
    let text = "";
    for await (const { content } of await model.stream("Go.")) text += String(content);
    return { messages: [text] as never };
  });
  const answers = single("answers", async () => ({ messages: [await model.invoke("Go.")] }));
  await streams.invoke({ messages: [] });
  await answers.invoke({ messages: [] });
  observer.stop();
  expect(await firstOutputs()).toMatchObject([{ agent: "streams", count: 1 }]);
});

it("the time to the first output is what Mastra tells of it", async () => {
  const observer = new MastraObserver(bench.work);
  const mastra = new (class extends Observability {})();
  observer.join(mastra.constructor as unknown as ObservabilityClass);
  const run = mastra.startSpan({ id: "run", type: "agent_run", entityName: "planner" });
  const call = { type: "model_inference", parentSpanId: "run" };
  const completionStartTime = new Date(3000);
  for (const [id, at] of [
    ["first", 1000],
    ["second", 4000],
  ] as const) {
    const begun = mastra.startSpan({ id, ...call, attributes: { model: "small" }, startTime: new Date(at) });
    mastra.endSpan({ ...begun, attributes: { model: "small", finishReason: "stop", completionStartTime } });
  }
  mastra.endSpan(run);
  observer.stop();
  expect(await firstOutputs()).toEqual([{ agent: "planner", model: "small", count: 1, sum: 2 }]);
});

it("the time to the first output is that of an answer in pi-agent-core", async () => {
  const observer = new PiAgentObserver(bench.work);
  observer.join(FakeAgent);
  const { world } = bench.harness;
  await new FakeAgent().runWithLifecycle(async (send) => {
    for (const seconds of [2, 4]) {
      await send({ type: "turn_start" });
      world.millis += seconds * 1000;
      for (const type of ["message_update", "message_update"]) {
        await send({ type, message: { role: "assistant" } });
        world.millis += 1000;
      }
      await send({ type: "message_end", message: { role: "assistant", stopReason: "stop" } });
    }
    await send({ type: "agent_end", messages: [] });
  });
  observer.stop();
  expect(await firstOutputs()).toEqual([{ agent: "the-process", model: "small", count: 2, sum: 6 }]);
});
