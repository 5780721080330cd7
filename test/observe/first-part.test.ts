import { CallbackManager } from "@langchain/core/callbacks/manager";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { beforeEach, expect, it } from "vitest";
import { LangChainObserver, type ManagerClass } from "../../src/observe/langchain/langchain.ts";
import { PiAgentObserver } from "../../src/observe/pi-agent-core/pi-agent-core.ts";
import { WorkBench } from "./bench-of-work.ts";
import { single } from "./langchain/langgraph-graphs.ts";
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
