import {
  Agent,
  type AgentInputItem,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  Runner,
  run,
  setTraceProcessors,
  setTracingDisabled,
  tool,
} from "@openai/agents";
import { functionCall, modelResponse, ScriptedModel } from "@openai/agents-core/testing";
import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { OpenAiAgentsObserver } from "../../../src/observe/openai-agents/openai-agents.ts";
import { endedSpan } from "../../../src/observe/openai-agents/span.ts";
import { WorkBench } from "../bench-of-work.ts";
import { OpenAiServer } from "./openai-server.ts";

const CANCELLED = { completedTasks: 0, failedTasks: 0, cancelledTasks: 1, activeTasks: 0, openFailures: [] };

describe.for([
  { protocol: "responses", Model: OpenAIResponsesModel },
  { protocol: "chat completions", Model: OpenAIChatCompletionsModel },
])("a run of the OpenAI Agents SDK that is given up, by OpenAI's client and $protocol", ({ Model }) => {
  let bench: WorkBench;
  let observer: OpenAiAgentsObserver;
  let server: OpenAiServer;
  let agent: Agent;
  let giveUp: AbortController;

  beforeEach(async () => {
    setTracingDisabled(false);
    setTraceProcessors([]);
    bench = new WorkBench();
    observer = new OpenAiAgentsObserver(bench.work);
    observer.start();
    server = await OpenAiServer.start();
    const client = new OpenAI({ baseURL: server.url, apiKey: "none", maxRetries: 0 });
    agent = new Agent({ name: "waiter", model: new Model(client, "small") });
    giveUp = new AbortController();
  });
  afterEach(() => {
    observer.stop();
    server.stop();
  });

  /** Reads a stream, as far as the reader wants to. */
  async function read(goesOn: () => boolean, signal?: AbortSignal): Promise<void> {
    const stream = await run(agent, "Go.", { stream: true, ...(signal === undefined ? {} : { signal }) });
    for await (const _ of stream) if (!goesOn()) break;
    await stream.completed.catch(() => {});
    await bench.settled("waiter");
  }

  it("is cancelled while it waits for the whole answer", async () => {
    server.answers = "never";
    server.onRequest = () => giveUp.abort();
    await expect(run(agent, "Go.", { signal: giveUp.signal })).rejects.toThrow("Request was aborted.");
    expect(bench.of("waiter")).toMatchObject(CANCELLED);
  });

  it("is cancelled before its stream begins", async () => {
    server.answers = "never";
    server.onRequest = () => giveUp.abort();
    await read(() => true, giveUp.signal).catch(() => {});
    await bench.settled("waiter");
    expect(bench.of("waiter")).toMatchObject(CANCELLED);
  });

  it("is cancelled in mid-stream, by its signal", async () => {
    server.answers = "without end";
    await read(() => {
      giveUp.abort();
      return true;
    }, giveUp.signal);
    expect(bench.of("waiter")).toMatchObject(CANCELLED);
    expect(bench.frameworkReports.reportsTokensOf("waiter")).toBe(true);
  });

  it("is cancelled by the reader of its stream", async () => {
    server.answers = "without end";
    await read(() => false);
    expect(bench.of("waiter")).toMatchObject(CANCELLED);
  });

  it("is a success if the application hides inputs and outputs", async () => {
    const tracing = { includeTaskAndTurnSpans: false };
    const runner = new Runner({ traceIncludeSensitiveData: false, tracing });
    await runner.run(agent, "Go.");
    for await (const _ of await runner.run(agent, "Go.", { stream: true }));
    await bench.settled("waiter");
    expect(bench.of("waiter")).toMatchObject({ completedTasks: 2, cancelledTasks: 0 });
  });

  it("is what the SDK reports if a stream just ends: the older protocol has no final event", async () => {
    server.answers = "half";
    const isOlder = Model === OpenAIChatCompletionsModel;
    const reading = read(() => true);
    if (isOlder) await reading;
    else await expect(reading).rejects.toThrow();
    await bench.settled("waiter");
    const [completedTasks, failedTasks] = isOlder ? [1, 0] : [0, 1];
    expect(bench.of("waiter")).toMatchObject({ completedTasks, failedTasks, cancelledTasks: 0 });
  });

  it("is a success if it goes on after an answer that was given up", async () => {
    server.answers = "without end";
    const impatient = tool({
      name: "ask",
      description: "Asks.",
      parameters: z.object({}),
      execute: async () => {
        await read(() => false);
        return "nothing";
      },
    });
    const input: AgentInputItem[] = [{ role: "user", content: "Go." }];
    const ask = modelResponse([functionCall("ask", {}, { callId: "ask" })]);
    const manager = new Agent({ name: "manager", model: new ScriptedModel([ask]), tools: [impatient] });
    await run(manager.clone({ toolUseBehavior: "stop_on_first_tool" }), input);
    expect(bench.of("waiter")).toMatchObject(CANCELLED);
    expect(bench.of("manager")).toMatchObject({ completedTasks: 1, cancelledTasks: 0 });
  });
});

it("is not given up if the model call failed", () => {
  const spanData = { type: "response", _input: [] };
  const span = { spanId: "1", parentId: null, spanData };
  expect(endedSpan({ ...span, error: null }).wasGivenUp).toBe(true);
  expect(endedSpan({ ...span, error: { message: "not now" } }).wasGivenUp).toBe(false);
});
