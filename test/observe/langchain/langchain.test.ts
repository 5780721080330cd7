import { CallbackManager } from "@langchain/core/callbacks/manager";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { FakeListChatModel, FakeStreamingChatModel } from "@langchain/core/utils/testing";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { LangChainObserver, type ManagerClass } from "../../../src/observe/langchain/langchain.ts";
import { WorkBench } from "../bench-of-work.ts";
import { single } from "./langgraph-graphs.ts";

/** A model that says its name, as those of providers do. */
class NamedModel extends FakeStreamingChatModel {
  override getLsParams(options: this["ParsedCallOptions"]) {
    return { ...super.getLsParams(options), ls_provider: "anthropic", ls_model_name: "small" };
  }

  override async _generate(): Promise<{ generations: { text: string; message: BaseMessage }[] }> {
    const message = this.responses.shift() ?? expect.unreachable("no answer left");
    return { generations: [{ text: "", message }] };
  }
}

class FailingModel extends FakeListChatModel {
  override async _generate(): Promise<never> {
    throw new RangeError("boom");
  }
}

type State = typeof MessagesAnnotation.State;

let calls = 0;

/** A model's answer that asks for a tool. */
function callOf(name: string): AIMessage {
  calls += 1;
  return new AIMessage({ content: "", tool_calls: [{ name, args: {}, id: `call-${calls}` }] });
}

/** A tool that fails so many times before it works. */
function flaky(failures: number) {
  let left = failures;
  const search = async () => {
    left -= 1;
    if (left >= 0) throw new RangeError("not now");
    return "found";
  };
  return tool(search, { name: "search", schema: z.object({}) });
}

/** An agent that asks a model and tools in turn, until the model asks for no tool. */
function agent(
  name: string | undefined,
  answers: (BaseMessage | Error)[],
  tools = [flaky(0)],
  survives = true,
) {
  const model = new FakeListChatModel({ responses: [""] });
  const next = async (_: State): Promise<Partial<State>> => {
    await model.invoke("Go.");
    const answer = answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no answer left");
    return { messages: [answer] };
  };
  const isDone = ({ messages }: State) =>
    ((messages.at(-1) as AIMessage).tool_calls?.length ?? 0) > 0 ? "tools" : END;
  return new StateGraph(MessagesAnnotation)
    .addNode("model", next)
    .addNode("tools", new ToolNode(tools, { handleToolErrors: survives }))
    .addEdge(START, "model")
    .addConditionalEdges("model", isDone, ["tools", END])
    .addEdge("tools", "model")
    .compile(name === undefined ? {} : { name });
}

const done = () => new AIMessage("done");
const go = { messages: [] };

describe("LangGraph", () => {
  let bench: WorkBench;
  let observer: LangChainObserver;

  beforeEach(() => {
    bench = new WorkBench();
    observer = new LangChainObserver(bench.work);
    observer.join(CallbackManager as unknown as ManagerClass);
  });
  afterEach(() => observer.stop());

  it("shows a run of a graph as a task, without a name as a task of the process", async () => {
    await agent("researcher", [callOf("search"), done()]).invoke(go);
    await agent(undefined, [done()]).invoke(go);
    expect(bench.of("researcher")).toMatchObject({ completedTasks: 1, activeTasks: 0, successRate: 1 });
    expect(bench.agentNames).toEqual(["researcher", "the-process"]);
  });

  it("counts a failed tool of a run that goes on as a failed attempt, and its next success as a recovery", async () => {
    await agent("researcher", [callOf("search"), callOf("search"), done()], [flaky(1)]).invoke(go);
    expect(bench.of("researcher")).toMatchObject({
      completedTasks: 1,
      failedTasks: 0,
      taskSuccessRate: 1,
      successRate: 4 / 5,
      recoveredFailures: 1,
      openFailures: [],
    });
  });

  it("counts the failure of a tool that ended the run only as the failure of the run", async () => {
    const run = agent("researcher", [callOf("search"), done()], [flaky(1)], false).invoke(go);
    await expect(run).rejects.toThrow("not now");
    await agent("researcher", [done()]).invoke(go);
    expect(bench.of("researcher")).toMatchObject({ completedTasks: 1, failedTasks: 1, failureRate: 1 / 3 });
  });

  it("reports tokens, and the calls of models and tools", async () => {
    const usage_metadata = {
      input_tokens: 30,
      output_tokens: 4,
      total_tokens: 34,
      input_token_details: { cache_read: 10 },
    };
    const answers = [callOf("search"), done()].map((answer) => Object.assign(answer, { usage_metadata }));
    const model = new NamedModel({ responses: answers });
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("model", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode("tools", new ToolNode([flaky(0)]))
      .addEdge(START, "model")
      .addConditionalEdges("model", ({ messages }) => (messages.length < 3 ? "tools" : END), ["tools", END])
      .addEdge("tools", "model")
      .compile({ name: "researcher" });
    await graph.invoke(go);
    expect(bench.of("researcher").resourceConsumption).toEqual({ input_tokens: 60, output_tokens: 8 });
    expect(bench.frameworkReports.reportsTokensOf("researcher")).toBe(true);
    const ofAgent = { "gen_ai.agent.name": "researcher" };
    const call = { "gen_ai.request.model": "small", "gen_ai.provider.name": "anthropic" };
    expect(await bench.standard()).toMatchObject({
      gen_ai_invoke_agent_duration_seconds: [{ ...ofAgent, count: 1 }],
      gen_ai_invoke_agent_inference_calls: [{ ...ofAgent, count: 1, sum: 2 }],
      gen_ai_invoke_agent_tool_calls: [{ ...ofAgent, count: 1, sum: 1 }],
      gen_ai_execute_tool_duration_seconds: [{ ...ofAgent, "gen_ai.tool.name": "search", count: 1 }],
      gen_ai_client_token_usage: [
        { ...call, "gen_ai.token.type": "input", count: 2, sum: 60 },
        { ...call, "gen_ai.token.type": "output", count: 2, sum: 8 },
      ],
    });
  });

  it("leaves tokens to spans if a model does not report them", async () => {
    await agent("researcher", [done()]).invoke(go);
    expect(bench.of("researcher").resourceConsumption).toEqual({});
    expect(bench.frameworkReports.isReported("researcher")).toBe(true);
    expect(bench.frameworkReports.reportsTokensOf("researcher")).toBe(false);
  });

  it("is not observed in an unknown version, with one log line, and a known version beside it is", async () => {
    const info = vi.spyOn(diag, "info");
    for (let time = 0; time < 2; time += 1) observer.join(class {} as unknown as ManagerClass);
    await agent("researcher", [done()]).invoke(go);
    expect(bench.of("researcher").completedTasks).toBe(1);
    expect(info.mock.calls).toEqual([
      ["otel-forecast: this version of @langchain/core is not known, its agents are not observed"],
    ]);
    info.mockRestore();
  });

  it("leaves the failure of a provider open until a run succeeds", async () => {
    await expect(agent("writer", [new RangeError("boom")]).invoke(go)).rejects.toThrow("boom");
    expect(bench.of("writer")).toMatchObject({
      failedTasks: 1,
      openFailures: [{ failureType: "invoke_agent" }],
    });
    await agent("writer", [done()]).invoke(go);
    expect(bench.of("writer")).toMatchObject({ completedTasks: 1, recoveredFailures: 1, openFailures: [] });
  });

  it("counts a model call that failed, and another that was asked instead, as a failed attempt that was recovered from", async () => {
    const instead = new NamedModel({ responses: [done()] });
    const model = new FailingModel({ responses: [] }).withFallbacks([instead]);
    await single("writer", async ({ messages }) => ({ messages: [await model.invoke(messages)] })).invoke(go);
    expect(bench.of("writer")).toMatchObject({
      completedTasks: 1,
      successRate: 0.5,
      recoveredFailures: 1,
      openFailures: [],
    });
  });

  it("leaves the failure of a model call open that ended the run, and counts it only as the run's", async () => {
    const model = new FailingModel({ responses: [] });
    const run = single("writer", async ({ messages }) => ({
      messages: [await model.invoke(messages)],
    })).invoke(go);
    await expect(run).rejects.toThrow("boom");
    expect(bench.of("writer")).toMatchObject({
      failedTasks: 1,
      openFailures: [{ failureType: "chat" }, { failureType: "invoke_agent" }],
    });
    await agent("writer", [done()]).invoke(go);
    expect(bench.of("writer")).toMatchObject({ successRate: 0.5, recoveredFailures: 2, openFailures: [] });
  });

  it("counts an abort as cancelled", async () => {
    const giveUp = new AbortController();
    const waiting = new StateGraph(MessagesAnnotation)
      .addNode("wait", () => {
        setImmediate(() => giveUp.abort());
        return new Promise<State>(() => {});
      })
      .addEdge(START, "wait")
      .compile({ name: "waiter" });
    await expect(waiting.invoke(go, { signal: giveUp.signal })).rejects.toMatchObject({ name: "AbortError" });
    await bench.settled("waiter");
    expect(bench.of("waiter")).toMatchObject({ cancelledTasks: 1, failedTasks: 0, openFailures: [] });
  });

  it("is a task until the end of its stream", async () => {
    const active: number[] = [];
    for await (const _ of await agent("streamer", [callOf("search"), done()]).stream(go))
      active.push(bench.of("streamer").activeTasks);
    expect(active).toContain(1);
    await bench.settled("streamer");
    expect(bench.of("streamer")).toMatchObject({ completedTasks: 1, failedTasks: 0 });
  });

  it("keeps two agents apart that run concurrently, or one inside the other", async () => {
    const boss = new StateGraph(MessagesAnnotation)
      .addNode("ask", agent("expert", [done()]))
      .addEdge(START, "ask")
      .addEdge("ask", END)
      .compile({ name: "boss" });
    await Promise.allSettled([
      agent("one", [callOf("search"), done()], [flaky(1)]).invoke(go),
      agent("two", [new TypeError("boom")]).invoke(go),
      boss.invoke(go),
    ]);
    expect(bench.of("one")).toMatchObject({ completedTasks: 1, failedTasks: 0, successRate: 2 / 3 });
    expect(bench.of("two")).toMatchObject({ completedTasks: 0, failedTasks: 1 });
    expect(bench.of("expert").completedTasks).toBe(1);
    expect(bench.of("boss").completedTasks).toBe(1);
  });

  it("is not observed after the stop", async () => {
    observer.stop();
    await agent("researcher", [done()]).invoke(go);
    expect(bench.agentNames).toEqual([]);
  });
});
