import { CallbackManager } from "@langchain/core/callbacks/manager";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { Agent, run, setTraceProcessors, setTracingDisabled } from "@openai/agents";
import { modelError, ScriptedModel } from "@openai/agents-core/testing";
import { SpanStatusCode } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { generateText } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { vi } from "vitest";
import { AgentHandle } from "../../src/api/agent-handle.ts";
import { instrument, task } from "../../src/api/instrument.ts";
import { PerformanceMonitor } from "../../src/api/performance-monitor.ts";
import type { AgentRecorder } from "../../src/measure/instruments/agent-recorder.ts";
import { VercelAiObserver } from "../../src/observe/ai-sdk/ai-sdk.ts";
import { ClaudeAgentSdkObserver } from "../../src/observe/claude-agent-sdk/claude-agent-sdk.ts";
import { LangChainObserver, type ManagerClass } from "../../src/observe/langchain/langchain.ts";
import { MastraObserver, type ObservabilityClass } from "../../src/observe/mastra/mastra.ts";
import type { MastraSpan, TracingEvent } from "../../src/observe/mastra/span.ts";
import { OpenAiAgentsObserver } from "../../src/observe/openai-agents/openai-agents.ts";
import { AgentSpans } from "../../src/observe/spans/agent-spans.ts";
import { DedupedWorkLog } from "../../src/observe/spans/deduped-work-log.ts";
import { Runtime } from "../../src/run/runtime.ts";
import { WorkBench } from "./bench-of-work.ts";
import { FakeModule } from "./claude-agent-sdk/fake-sdk.ts";
import { single } from "./langchain/langgraph-graphs.ts";
import { McpBench } from "./mcp/bench-of-mcp.ts";
import { protocols, sdks } from "./mcp/sdks.ts";
import { Toolbox } from "./mcp/toolbox.ts";

/** How a task was recorded. */
export interface RecordedEnd {
  readonly outcome: string;
  readonly errorType?: string;
}

/** One way to run a task of the agent `planner`. */
export interface Way {
  readonly title: string;
  /** Whether only the name of an error reaches us, and none of its causes. */
  readonly isByName?: true;
  /** Runs a task that throws, and gives how its end was recorded. */
  fail(error: Error): Promise<RecordedEnd[]>;
}

const AGENT = "planner";

/** Runs work to its end, and gives how the tasks of the agent were recorded meanwhile. */
async function recorded(recorder: AgentRecorder, work: () => unknown): Promise<RecordedEnd[]> {
  const ends: RecordedEnd[] = [];
  const openTask = recorder.openTask.bind(recorder);
  vi.spyOn(recorder, "openTask").mockImplementation((agentName, taskType) => {
    const end = openTask(agentName, taskType);
    return (outcome, seconds, errorType) => {
      if (agentName === AGENT) ends.push({ outcome, ...(errorType === undefined ? {} : { errorType }) });
      end(outcome, seconds, errorType);
    };
  });
  await (async () => work())().catch(() => {});
  await vi.waitFor(() => {
    if (ends.length === 0) throw new Error("the task has not ended");
  });
  return ends;
}

async function recordedOnBench(work: (bench: WorkBench) => unknown): Promise<RecordedEnd[]> {
  const bench = new WorkBench();
  return recorded(bench.harness.pipeline.instruments.recorder, () => work(bench));
}

async function recordedByMonitor(work: () => unknown): Promise<RecordedEnd[]> {
  const monitor = new PerformanceMonitor({ exporters: [] });
  await monitor.start();
  try {
    const recorder = Runtime.ofProcess?.pipeline.instruments.recorder as AgentRecorder;
    return await recorded(recorder, work);
  } finally {
    await monitor.shutdown();
  }
}

function observed(observer: { start(): void; stop(): void }, work: () => Promise<unknown>): Promise<unknown> {
  observer.start();
  return work().finally(() => observer.stop());
}

function handleOn(bench: WorkBench): AgentHandle {
  return new AgentHandle(
    AGENT,
    bench.harness.pipeline.instruments.recorder,
    bench.harness.world.elapsedMillis,
  );
}

/** What `@mastra/observability` tells its exporters; `test/apps` has the real one. */
async function failedMastraRun(bench: WorkBench, error: Error): Promise<void> {
  const exporters: { exportTracingEvent(event: TracingEvent): Promise<void> }[] = [];
  class Observability {
    startSpan(): void {}
    registerExporter(exporter: (typeof exporters)[number]): void {
      exporters.push(exporter);
    }
  }
  const observer = new MastraObserver(bench.work);
  observer.join(Observability as unknown as ObservabilityClass);
  new Observability().startSpan();
  const span: MastraSpan = { id: "run", type: "agent_run", entityName: AGENT };
  const ended = { ...span, errorInfo: { name: error.name } };
  for (const exporter of exporters) {
    await exporter.exportTracingEvent({ type: "span_started", exportedSpan: span });
    await exporter.exportTracingEvent({ type: "span_ended", exportedSpan: ended });
  }
  observer.stop();
}

/** What the Claude Agent SDK does with a query; `test/apps` has the real one. */
async function failedQuery(bench: WorkBench, error: Error): Promise<void> {
  const sdk = new FakeModule(async function* () {
    yield* [];
    throw error;
  });
  const observer = new ClaudeAgentSdkObserver(bench.work);
  observer.join(sdk);
  await sdk
    .run("Go.", { agent: AGENT })
    .next()
    .catch(() => {});
  observer.stop();
}

/** The transport fails to send a request for a tool. */
async function failedMcpRequest(bench: McpBench, error: Error): Promise<void> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = await (sdks[0] as (typeof sdks)[number]).connect(
    new Toolbox(),
    { client: AGENT, server: "librarian" },
    [near, far],
  );
  near.send = () => Promise.reject(error);
  await client.callTool("echo").catch(() => {});
  bench.observer.stop();
}

function failedSpan({ log, frameworkReports, harness }: WorkBench, error: Error): void {
  const spans = new AgentSpans({
    log: new DedupedWorkLog(log, frameworkReports),
    skips: harness.pipeline.skips,
    defaultAgent: () => "service",
    lostAfterMillis: 60_000,
    now: harness.world.now,
    elapsedMillis: harness.world.elapsedMillis,
  });
  const attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": AGENT };
  const tracer = new TracerProvider({ spanProcessors: [spans] }).getTracer("test");
  const span = tracer.startSpan("run", { attributes });
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

const throwing = (error: Error) => (): never => {
  throw error;
};
const rejecting = (error: Error) => async (): Promise<never> => {
  throw error;
};

export const ways: readonly Way[] = [
  {
    title: "agent.task() of a function",
    fail: (error) => recordedOnBench((bench) => handleOn(bench).task("plan", throwing(error))),
  },
  {
    title: "agent.task() of an async function",
    fail: (error) => recordedOnBench((bench) => handleOn(bench).task("plan", rejecting(error))),
  },
  {
    title: "instrument()",
    fail: (error) => recordedByMonitor(() => instrument(AGENT, { plan: rejecting(error) }).plan()),
  },
  {
    title: "@task",
    fail: (error) =>
      recordedByMonitor(() => {
        const context = { kind: "method", name: "plan" } as ClassMethodDecoratorContext<unknown, () => never>;
        return task("plan", { agentName: AGENT })(throwing(error), context)();
      }),
  },
  {
    title: "the AI SDK",
    fail: (error) =>
      recordedOnBench((bench) => {
        const model = new MockLanguageModelV4({ doGenerate: rejecting(error) });
        const call = { model, prompt: "Go.", maxRetries: 0, telemetry: { functionId: AGENT } };
        return observed(new VercelAiObserver(bench.work), () => generateText(call));
      }),
  },
  {
    title: "the OpenAI Agents SDK",
    isByName: true,
    fail: (error) =>
      recordedOnBench((bench) => {
        setTracingDisabled(false);
        setTraceProcessors([]);
        const agent = new Agent({ name: AGENT, model: new ScriptedModel([modelError(error)]) });
        return observed(new OpenAiAgentsObserver(bench.work), () => run(agent, "Go."));
      }),
  },
  {
    title: "LangGraph",
    fail: (error) =>
      recordedOnBench((bench) => {
        const observer = new LangChainObserver(bench.work);
        const start = (): void => observer.join(CallbackManager as unknown as ManagerClass);
        const graph = single(AGENT, rejecting(error));
        return observed({ start, stop: () => observer.stop() }, () => graph.invoke({ messages: [] }));
      }),
  },
  {
    title: "Mastra",
    isByName: true,
    fail: (error) => recordedOnBench((bench) => failedMastraRun(bench, error)),
  },
  {
    title: "the Claude Agent SDK",
    fail: (error) => recordedOnBench((bench) => failedQuery(bench, error)),
  },
  {
    title: "a client of MCP",
    fail: async (error) => {
      const bench = new McpBench(protocols);
      return recorded(bench.harness.pipeline.instruments.recorder, () => failedMcpRequest(bench, error));
    },
  },
  {
    title: "spans",
    isByName: true,
    fail: (error) => recordedOnBench((bench) => failedSpan(bench, error)),
  },
];
