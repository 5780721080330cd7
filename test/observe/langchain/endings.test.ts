import { CallbackManager } from "@langchain/core/callbacks/manager";
import { AIMessage } from "@langchain/core/messages";
import {
  Command,
  END,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  NodeInterrupt,
  RunControl,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LangChainObserver, type ManagerClass } from "../../../src/observe/langchain/langchain.ts";
import { sleep } from "../../../src/system/sleep.ts";
import { WorkBench } from "../bench-of-work.ts";
import { agent, callOf, fork, type State, single, toolOf } from "./langgraph-graphs.ts";

const go = { messages: [] };
const nothing = async (): Promise<Partial<State>> => go;
const forever = () => new Promise<never>(() => {});
const thread = { configurable: { thread_id: "1" } };
const endedWell = { failedTasks: 0, cancelledTasks: 0, activeTasks: 0, successRate: 1, openFailures: [] };

/** Fails when the other has begun. */
function failing(otherHasBegun: Promise<void>) {
  return async (): Promise<never> => {
    await otherHasBegun;
    throw new RangeError("provider down");
  };
}

describe("how a graph of LangGraph ended", () => {
  let bench: WorkBench;
  let observer: LangChainObserver;

  beforeEach(() => {
    bench = new WorkBench();
    observer = new LangChainObserver(bench.work);
    observer.join(CallbackManager as unknown as ManagerClass);
  });
  afterEach(() => observer.stop());

  async function toolsThatEnded(): Promise<unknown> {
    return (await bench.standard()).gen_ai_execute_tool_duration_seconds ?? [];
  }

  it("is a failure if one of several concurrent steps failed and stopped the others", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const graph = fork("fork", failing(promise), () => {
      resolve();
      return forever();
    });
    await expect(graph.invoke(go)).rejects.toThrow("provider down");
    await bench.settled("fork");
    expect(bench.of("fork")).toMatchObject({ failedTasks: 1, cancelledTasks: 0 });
    expect(bench.of("fork").openFailures).toMatchObject([{ failureType: "invoke_agent" }]);
  });

  it("is cancelled if it is an agent in a step that the failure of another step stopped", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stopped = single("stopped", () => {
      resolve();
      return forever();
    });
    await expect(fork("fork", failing(promise), stopped).invoke(go)).rejects.toThrow("provider down");
    await bench.settled("fork");
    expect(bench.of("fork")).toMatchObject({ failedTasks: 1, cancelledTasks: 0 });
    expect(bench.of("stopped")).toMatchObject({ cancelledTasks: 1, failedTasks: 0, activeTasks: 0 });
  });

  it("is a failure if one of several concurrent tools failed, which is counted once", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const other = toolOf("other", () => {
      resolve();
      return forever();
    });
    const tools = [toolOf("bad", failing(promise)), other];
    const run = agent("caller", [callOf("bad", "other")], tools, { survives: false }).invoke(go);
    await expect(run).rejects.toThrow("provider down");
    await bench.settled("caller");
    await single("caller", nothing).invoke(go);
    expect(bench.of("caller")).toMatchObject({ failedTasks: 1, cancelledTasks: 0, failureRate: 0.5 });
    expect(await toolsThatEnded()).toEqual([
      expect.objectContaining({ "gen_ai.tool.name": "bad", "error.type": "RangeError" }),
      expect.objectContaining({ "gen_ai.tool.name": "other", "error.type": "cancelled" }),
    ]);
  });

  it("is not recorded if the observer is stopped before", async () => {
    const stopping = async () => {
      observer.stop();
      return go;
    };
    await single("stopped", stopping).invoke(go);
    expect(bench.of("stopped")).toMatchObject({ completedTasks: 0, failedTasks: 0, cancelledTasks: 0 });
    observer.join(CallbackManager as unknown as ManagerClass);
    await single("stopped", nothing).invoke(go);
    expect(bench.of("stopped")).toMatchObject({ completedTasks: 1 });
  });

  it("is a failure after the abort of a tool that did not end it", async () => {
    const slow = toolOf("slow", async () => AbortSignal.abort().throwIfAborted());
    const run = agent("sticky", [callOf("slow"), new RangeError("provider down")], [slow]).invoke(go);
    await expect(run).rejects.toThrow("provider down");
    expect(bench.of("sticky")).toMatchObject({ failedTasks: 1, cancelledTasks: 0 });
  });

  it.for([undefined, "not needed"])(
    "is cancelled if its caller aborted it, for the reason %s",
    async (why) => {
      const giveUp = new AbortController();
      const graph = fork(
        "waiter",
        () => {
          setImmediate(() => giveUp.abort(why));
          return forever();
        },
        single("inner", forever),
      );
      await expect(graph.invoke(go, { signal: giveUp.signal })).rejects.toThrow();
      for (const name of ["waiter", "inner"]) {
        await bench.settled(name);
        expect(bench.of(name)).toMatchObject({ cancelledTasks: 1, failedTasks: 0, openFailures: [] });
      }
    },
  );

  /** A step that writes more than its reader reads, and ends when it is aborted. */
  const writing = (name: string) =>
    new StateGraph(MessagesAnnotation)
      .addNode("write", (_, { writer, signal }) => {
        for (const part of [1, 2, 3, 4]) writer?.(part);
        return new Promise<State>((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
        });
      })
      .addEdge(START, "write")
      .compile({ name });

  it("is cancelled if its stream is left", async () => {
    for await (const _ of await writing("left").stream(go, { streamMode: "custom" })) break;
    await bench.settled("left");
    expect(bench.of("left")).toMatchObject({ cancelledTasks: 1, failedTasks: 0, openFailures: [] });
  });

  it("is cancelled if its caller aborted it between two parts of its stream", async () => {
    const giveUp = new AbortController();
    const readAndAbort = async (): Promise<void> => {
      const how = { streamMode: "custom", signal: giveUp.signal } as const;
      for await (const _ of await writing("read").stream(go, how)) giveUp.abort();
    };
    await expect(readAndAbort()).rejects.toThrow();
    await bench.settled("read");
    expect(bench.of("read")).toMatchObject({ cancelledTasks: 1, failedTasks: 0, openFailures: [] });
  });

  it("is a success if it goes on after the abort of a step", async () => {
    let tries = 0;
    const second = async (): Promise<Partial<State>> => {
      tries += 1;
      if (tries === 1) AbortSignal.abort().throwIfAborted();
      await sleep(3000);
      return go;
    };
    const retryPolicy = { retryOn: () => true, initialInterval: 1 };
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("second", second, { retryPolicy })
      .addEdge(START, "second")
      .compile({ name: "stubborn" });
    await graph.invoke(go);
    expect(bench.of("stubborn")).toMatchObject({ completedTasks: 1, cancelledTasks: 0 });
  });

  it("is cancelled if a model was aborted, of which LangChain says no more than its message", async () => {
    const run = agent("bare", [new Error("AbortError")], []).invoke(go);
    await expect(run).rejects.toThrow("AbortError");
    expect(bench.of("bare")).toMatchObject({ cancelledTasks: 1, failedTasks: 0, openFailures: [] });
  });

  it("is cancelled if its caller had aborted before", async () => {
    await expect(single("late", nothing).invoke(go, { signal: AbortSignal.abort() })).rejects.toThrow();
    await bench.settled("late");
    expect(bench.of("late")).toMatchObject({ cancelledTasks: 1, failedTasks: 0 });
  });

  it("is a failure if a step fails with an error that only looks like an abort", async () => {
    const odd = async () => {
      throw new Error("Abort");
    };
    await expect(single("odd", odd).invoke(go)).rejects.toThrow("Abort");
    expect(bench.of("odd")).toMatchObject({ failedTasks: 1, cancelledTasks: 0 });
  });

  it("is a failure at a time limit", async () => {
    await expect(single("slow", forever).invoke(go, { timeout: 1 })).rejects.toThrow("timeout");
    await bench.settled("slow");
    expect(bench.of("slow")).toMatchObject({ failedTasks: 1, cancelledTasks: 0 });
    const [told] = (await bench.standard()).gen_ai_invoke_agent_duration_seconds ?? [];
    expect(told).toMatchObject({ "error.type": "TimeoutError" });
  });

  it("is a success if it stops in a tool to ask a person, and the call is not counted yet", async () => {
    const ask = toolOf("ask", async () => String(interrupt("may I?")));
    const options = { checkpointer: new MemorySaver() };
    const graph = agent("asker", [callOf("ask"), new AIMessage("done")], [ask], options);
    await graph.invoke(go, thread);
    expect(bench.of("asker")).toMatchObject({ ...endedWell, completedTasks: 1 });
    expect(await toolsThatEnded()).toEqual([]);
    await graph.invoke(new Command({ resume: "yes" }), thread);
    expect(bench.of("asker")).toMatchObject({ ...endedWell, completedTasks: 2, recoveredFailures: 0 });
    expect(await toolsThatEnded()).toMatchObject([{ "gen_ai.tool.name": "ask", count: 1 }]);
  });

  it("is a success of an agent in a graph that stops to ask a person", async () => {
    const inner = single("inner", async () => {
      interrupt("may I?");
      return go;
    });
    const outer = new StateGraph(MessagesAnnotation)
      .addNode("inner", inner)
      .addEdge(START, "inner")
      .addEdge("inner", END)
      .compile({ name: "outer", checkpointer: new MemorySaver() });
    await outer.invoke(go, thread);
    for (const name of ["inner", "outer"])
      expect(bench.of(name)).toMatchObject({ ...endedWell, completedTasks: 1 });
    await outer.invoke(new Command({ resume: "yes" }), thread);
    for (const name of ["inner", "outer"])
      expect(bench.of(name)).toMatchObject({ ...endedWell, completedTasks: 2, recoveredFailures: 0 });
  });

  it("is a success if a node interrupts it", async () => {
    const stops = async () => {
      throw new NodeInterrupt("wait");
    };
    await single("stops", stops, new MemorySaver()).invoke(go, thread);
    expect(bench.of("stops")).toMatchObject({ ...endedWell, completedTasks: 1 });
  });

  it("is cancelled if it was drained", async () => {
    const control = new RunControl();
    const drains = async () => {
      control.requestDrain("shutdown");
      return go;
    };
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("first", drains)
      .addNode("second", nothing)
      .addEdge(START, "first")
      .addEdge("first", "second")
      .compile({ name: "drained", checkpointer: new MemorySaver() });
    await expect(graph.invoke(go, { ...thread, control })).rejects.toThrow("drained");
    expect(bench.of("drained")).toMatchObject({ cancelledTasks: 1, failedTasks: 0, openFailures: [] });
  });

  it("is a success if an agent hands over to another, directly or by a tool", async () => {
    const handOver = async () => new Command({ graph: Command.PARENT, goto: "bob" });
    const byItself = new StateGraph(MessagesAnnotation)
      .addNode("step", handOver)
      .addEdge(START, "step")
      .compile({ name: "alice" });
    const thrown = toolOf("transfer", handOver);
    for (const alice of [byItself, agent("alice", [callOf("transfer")], [thrown])])
      await new StateGraph(MessagesAnnotation)
        .addNode("alice", alice, { ends: ["bob"] })
        .addNode("bob", single("bob", nothing))
        .addEdge(START, "alice")
        .addEdge("bob", END)
        .compile({ name: "team" })
        .invoke(go);
    for (const name of ["alice", "bob", "team"])
      expect(bench.of(name)).toMatchObject({ ...endedWell, completedTasks: 2 });
    expect(await toolsThatEnded()).toMatchObject([{ "gen_ai.tool.name": "transfer", count: 1 }]);
  });
});
