import {
  Agent,
  addTraceProcessor,
  run,
  setTraceProcessors,
  setTracingDisabled,
  type TracingProcessor,
  tool,
  Usage,
} from "@openai/agents";
import { assistantMessage, functionCall, modelResponse, ScriptedModel } from "@openai/agents-core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { OpenAiAgentsObserver } from "../../../src/observe/openai-agents/openai-agents.ts";
import { eventually } from "../../eventually.ts";
import { WorkBench } from "../bench-of-work.ts";

/** Holds up what is told of spans until it is let go. */
class SlowProcessor implements TracingProcessor {
  letGo = (): void => {};
  readonly #isLetGo = new Promise<void>((letGo) => {
    this.letGo = letGo;
  });
  readonly #slowAt: "start" | "end";

  constructor(slowAt: "start" | "end") {
    this.#slowAt = slowAt;
  }

  onSpanStart(): Promise<void> {
    return this.#slowAt === "start" ? this.#isLetGo : Promise.resolve();
  }
  onSpanEnd(): Promise<void> {
    return this.#slowAt === "end" ? this.#isLetGo : Promise.resolve();
  }
  async onTraceStart(): Promise<void> {}
  async onTraceEnd(): Promise<void> {}
  async shutdown(): Promise<void> {}
  async forceFlush(): Promise<void> {}
}

const usage = () => new Usage({ requests: 1, inputTokens: 30, outputTokens: 4, totalTokens: 34 });

/** Asks an expert that is an agent too, and whose tool fails once. */
function manager(): Agent {
  let failures = 1;
  const search = tool({
    name: "search",
    description: "Searches.",
    parameters: z.object({}),
    execute: async () => {
      failures -= 1;
      if (failures >= 0) throw new RangeError("not now");
      return "found";
    },
  });
  const call = (name: string, callId: string, input = {}) =>
    modelResponse({ output: [functionCall(name, input, { callId })], usage: usage() });
  const done = () => modelResponse({ output: [assistantMessage("done")], usage: usage() });
  const expert = new Agent({
    name: "expert",
    model: new ScriptedModel([call("search", "1"), call("search", "2"), done()]),
    tools: [search],
  }).asTool({ toolName: "ask", toolDescription: "Asks." });
  return new Agent({
    name: "manager",
    model: new ScriptedModel([call("ask", "3", { input: "?" }), done()]),
    tools: [expert],
  });
}

describe.for(["start", "end"] as const)("beside a processor that is slow at the %s of spans", (slowAt) => {
  let bench: WorkBench;
  let observer: OpenAiAgentsObserver;
  let slow: SlowProcessor;

  beforeEach(() => {
    setTracingDisabled(false);
    setTraceProcessors([]);
    bench = new WorkBench();
    observer = new OpenAiAgentsObserver(bench.work);
    slow = new SlowProcessor(slowAt);
  });
  afterEach(() => {
    observer.stop();
    setTraceProcessors([]);
  });

  const setsBefore = (): void => {
    setTraceProcessors([slow]);
    observer.start();
  };
  const setsLater = (): void => {
    observer.start();
    setTraceProcessors([slow]);
  };
  const addsLater = (): void => {
    observer.start();
    addTraceProcessor(slow);
  };

  it.for([setsLater, addsLater])("records runs at once if the application %o", async (join) => {
    join();
    await run(manager(), "Go.");
    expect(bench.of("manager")).toMatchObject({ completedTasks: 1, activeTasks: 0 });
    expect(bench.of("expert")).toMatchObject({ completedTasks: 1, recoveredFailures: 1 });
  });

  it("records everything inside a run when the run itself is reported, once", async () => {
    setsBefore();
    await run(manager(), "Go.");
    expect(bench.agentNames).toEqual(slowAt === "start" ? [] : ["expert", "manager"]);
    slow.letGo();
    await eventually(() => expect(bench.of("manager")).toMatchObject({ completedTasks: 1, activeTasks: 0 }));
    await run(manager(), "Go.");
    await bench.settled("manager");
    for (const name of ["manager", "expert"])
      expect(bench.of(name)).toMatchObject({ completedTasks: 2, activeTasks: 0, failedTasks: 0 });
    expect(bench.of("expert")).toMatchObject({ recoveredFailures: 2, openFailures: [] });
    expect(bench.of("expert").resourceConsumption).toEqual({ input_tokens: 180, output_tokens: 24 });
    expect(bench.of("manager").resourceConsumption).toEqual({ input_tokens: 120, output_tokens: 16 });
    const { gen_ai_execute_tool_duration_seconds: tools } = await bench.standard();
    expect(tools).toMatchObject([
      { "gen_ai.tool.name": "search", "error.type": "tool_error", count: 2 },
      { "gen_ai.tool.name": "search", count: 2 },
      { "gen_ai.tool.name": "ask", count: 2 },
    ]);
  });

  it("records nothing after the stop", async () => {
    setsBefore();
    await run(manager(), "Go.");
    observer.stop();
    slow.letGo();
    await new Promise(setImmediate);
    expect(bench.agentNames.filter((name) => bench.of(name).completedTasks > 0)).toEqual([]);
  });
});
