import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { type Attributes, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { AgentHandle, type TaskContext } from "../../src/api/agent-handle.ts";
import { instrument, task } from "../../src/api/instrument.ts";
import { PerformanceMonitor } from "../../src/api/performance-monitor.ts";
import { AgentSpans } from "../../src/observe/spans/agent-spans.ts";
import { DedupedWorkLog } from "../../src/observe/spans/deduped-work-log.ts";
import type { Harness } from "../run/harness.ts";
import { WorkBench } from "./bench-of-work.ts";
import { McpBench } from "./mcp/bench-of-mcp.ts";
import { protocols, sdks } from "./mcp/sdks.ts";
import { Toolbox } from "./mcp/toolbox.ts";

const AGENT = "planner";
/** Ten attempts, of which the second and the seventh fail. The last one succeeds. */
const FAILS = Array.from({ length: 10 }, (_, index) => index % 5 === 1);
const rates = { successRate: 0.8, failureRate: 0.2 };

function attemptOf(fails: boolean): void {
  if (fails) throw new RangeError("no");
}

function survive(work: () => unknown): void {
  try {
    work();
  } catch {}
}

/** All attempts at one task. */
function atOneTask(task: TaskContext): void {
  for (const fails of FAILS) survive(() => task.attempt(() => attemptOf(fails)));
}

class Planner {
  run(): void {
    for (const fails of FAILS) survive(() => this.step(fails));
  }
  step(fails: boolean): void {
    attemptOf(fails);
  }
}

/** A class whose steps have steps of their own, each of which ends like its last one. */
class DeepPlanner {
  run(): void {
    for (const fails of FAILS) survive(() => this.outer(fails));
  }
  outer(fails: boolean): void {
    this.middle(fails);
  }
  middle(fails: boolean): void {
    this.inner(fails);
  }
  inner(fails: boolean): void {
    attemptOf(fails);
  }
}

function handleOn({ harness }: WorkBench): AgentHandle {
  return new AgentHandle(AGENT, harness.pipeline.instruments.recorder, harness.world.elapsedMillis);
}

interface Spans {
  begin(attributes: Attributes, parent?: Span): Span;
}

function spansOn({ log, frameworkReports, harness }: WorkBench): Spans {
  const spans = new AgentSpans({
    log: new DedupedWorkLog(log, frameworkReports),
    skips: harness.pipeline.skips,
    defaultAgent: () => AGENT,
    lostAfterMillis: 60_000,
    now: harness.world.now,
    elapsedMillis: harness.world.elapsedMillis,
  });
  const tracer = new TracerProvider({ spanProcessors: [spans] }).getTracer("test");
  return {
    begin: (attributes, parent) =>
      tracer.startSpan(
        "span",
        { attributes },
        parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent),
      ),
  };
}

function end(span: Span, fails: boolean): void {
  if (fails) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute("error.type", "RangeError");
  span.end();
}

/** Calls as spans, with none around them. */
const bare = (attributes: Attributes) => (bench: WorkBench) => {
  const spans = spansOn(bench);
  for (const fails of FAILS) end(spans.begin(attributes), fails);
};

const agent = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": AGENT };
const chat = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };
const search = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" };

const ways: readonly { readonly title: string; run(bench: WorkBench): unknown }[] = [
  {
    title: "tasks of agent.task()",
    run: (bench) => {
      for (const fails of FAILS) survive(() => handleOn(bench).task("plan", () => attemptOf(fails)));
    },
  },
  {
    title: "attempts of agent.task()",
    run: (bench) => handleOn(bench).task("plan", atOneTask),
  },
  {
    title: "attempts that overlap",
    run: (bench) =>
      handleOn(bench).task("plan", async (context) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        const all = FAILS.map((fails) =>
          context.attempt(async () => {
            await promise;
            attemptOf(fails);
          }),
        );
        resolve();
        await Promise.allSettled(all);
      }),
  },
  { title: "bare model calls", run: bare(chat) },
  { title: "bare tool calls", run: bare(search) },
  { title: "bare calls that name their agent", run: bare({ ...chat, "gen_ai.agent.name": AGENT }) },
  { title: "bare embeddings", run: bare({ "gen_ai.operation.name": "embeddings" }) },
  { title: "agents that are made", run: bare({ ...agent, "gen_ai.operation.name": "create_agent" }) },
  { title: "bare calls of OpenInference", run: bare({ "openinference.span.kind": "LLM" }) },
  { title: "bare tools of OpenLLMetry", run: bare({ "traceloop.span.kind": "tool" }) },
  { title: "bare calls of AI SDK 5", run: bare({ "gen_ai.system": "p", "gen_ai.request.model": "m" }) },
  {
    title: "bare tools of AI SDK 5",
    run: bare({ "ai.operationId": "ai.toolCall", "ai.toolCall.name": "x" }),
  },
  { title: "invocations of an agent", run: bare(agent) },
  {
    title: "calls inside one invocation",
    run: (bench) => {
      const spans = spansOn(bench);
      const around = spans.begin(agent);
      for (const fails of FAILS) end(spans.begin(chat, around), fails);
      around.end();
    },
  },
  {
    title: "an invocation for each call, which fails with it",
    run: (bench) => {
      const spans = spansOn(bench);
      for (const fails of FAILS) {
        const around = spans.begin(agent);
        end(spans.begin(search, around), fails);
        end(around, fails);
      }
    },
  },
  {
    title: "calls that end after their invocation",
    run: (bench) => {
      const spans = spansOn(bench);
      const around = spans.begin(agent);
      const [last, ...calls] = FAILS.toReversed().map((fails) => ({
        fails,
        span: spans.begin(chat, around),
      }));
      if (last !== undefined) end(last.span, last.fails);
      around.end();
      for (const { span, fails } of calls) end(span, fails);
    },
  },
  {
    title: "steps of a framework",
    run: ({ work }) => {
      const invocation = work.begin(AGENT);
      for (const fails of FAILS) invocation.toolStarts("search")(fails ? "failure" : "success");
      invocation.end("success");
    },
  },
];

async function published(harness: Harness): Promise<unknown> {
  await harness.ticks(1);
  const [successRate, failureRate] = await Promise.all(
    ["success", "failure"].map((rate) => harness.value(`ai_cloud_${rate}_rate`, { agent: AGENT })),
  );
  return { successRate, failureRate };
}

describe("two failed attempts of ten are a fifth", () => {
  it.for(ways)("as $title", async ({ run }) => {
    const bench = new WorkBench();
    await run(bench);
    expect(bench.of(AGENT)).toMatchObject(rates);
    expect(await published(bench.harness)).toEqual(rates);
  });

  it.for([
    { title: "steps of an instrumented object", run: () => instrument(AGENT, new Planner()).run() },
    { title: "steps inside steps", run: () => instrument(AGENT, new DeepPlanner()).run() },
    {
      title: "tasks of @task",
      run: () => {
        const context = { kind: "method", name: "plan" } as ClassMethodDecoratorContext<unknown, () => void>;
        for (const fails of FAILS)
          survive(task("plan", { agentName: AGENT })(() => attemptOf(fails), context).bind(undefined));
      },
    },
  ])("as $title", async ({ run }) => {
    const monitor = new PerformanceMonitor({ exporters: [] });
    await monitor.start();
    run();
    expect(monitor.getPerformanceSummary(AGENT)).toMatchObject(rates);
    await monitor.shutdown();
  });

  it("as requests of an MCP client and of its server", async () => {
    const bench = new McpBench(protocols);
    const [sdk] = sdks;
    const pair = InMemoryTransport.createLinkedPair();
    const client = await sdk?.connect(new Toolbox(), { client: AGENT, server: "librarian" }, pair);
    for (const fails of FAILS) await client?.callTool(fails ? "made_up" : "echo").catch(() => {});
    for (const name of [AGENT, "librarian"]) expect(bench.of(name), name).toMatchObject(rates);
    bench.observer.stop();
  });
});
