import { type Attributes, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { AlwaysOffSampler, createAlwaysRecordSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import { beforeEach, describe, expect, it } from "vitest";
import { AgentSpans } from "../../../src/observe/spans/agent-spans.ts";
import { DedupedWorkLog } from "../../../src/observe/spans/deduped-work-log.ts";
import { FrameworkReports } from "../../../src/observe/work/framework-reports.ts";
import { StandardMetrics } from "../../../src/observe/work/standard-metrics.ts";
import { WorkLog } from "../../../src/observe/work/work-log.ts";
import { Harness, MINUTE, SECOND } from "../../run/harness.ts";

const LOST_AFTER = 10 * MINUTE;
let harness: Harness;
let spans: AgentSpans;
let provider: TracerProvider;
let frameworkReports: FrameworkReports;

beforeEach(() => {
  harness = new Harness();
  frameworkReports = new FrameworkReports(harness.world.elapsedMillis);
  frameworkReports.reportsAgent("told by its framework");
  const { skips, options } = harness.pipeline;
  const { recorder, consumption, runs } = harness.pipeline.instruments;
  const metrics = new StandardMetrics(() => harness.pipeline.instruments.provider.getMeter("standard"));
  harness.pipeline.readers.listen(metrics);
  spans = new AgentSpans({
    log: new DedupedWorkLog(
      new WorkLog({ recorder, consumption, runs, metrics, skips, expiryMillis: options.expiryMillis }),
      frameworkReports,
    ),
    skips,
    defaultAgent: () => "service",
    lostAfterMillis: LOST_AFTER,
    now: harness.world.now,
    elapsedMillis: harness.world.elapsedMillis,
  });
  // Nothing is sampled.
  const sampler = createAlwaysRecordSampler(new AlwaysOffSampler());
  provider = new TracerProvider({ sampler, spanProcessors: [spans] });
});

function begin(name: string, attributes: Attributes = {}, parent?: Span): Span {
  const context = parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);
  return provider.getTracer("test").startSpan(name, { attributes }, context);
}

function agent(name: string, parent?: Span): Span {
  return begin("run", { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name }, parent);
}

function tool(parent: Span | undefined, errorType?: string, name = "search"): void {
  const span = begin("call", { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name }, parent);
  end(span, errorType);
}

function chat(parent: Span | undefined, input: number, output: number, errorType?: string): void {
  const usage = { "gen_ai.usage.input_tokens": input, "gen_ai.usage.output_tokens": output };
  end(
    begin("chat", { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", ...usage }, parent),
    errorType,
  );
}

function end(span: Span, errorType?: string): void {
  if (errorType !== undefined)
    span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute("error.type", errorType);
  span.end();
}

async function values(name: string): Promise<Record<string, unknown>> {
  const shown = (await harness.shown()).get(name) ?? [];
  return Object.fromEntries(shown.map(({ labels, value }) => [labels.agent, value]));
}

const performance = (name: string) =>
  harness.pipeline.instruments.book.performance(name, harness.world.now());

it.for(["inside an agent", "outside any agent"])(
  "counts calls of tools that were not started, %s",
  async (where) => {
    const around = where === "inside an agent" ? agent("service") : undefined;
    const calls = [
      { toolName: "search", invalid: true, error: { name: "AI_InvalidToolInputError" } },
      { toolName: "made_up" },
    ];
    const answer = {
      "ai.prompt.tools": ['{"name":"search"}'],
      "ai.response.toolCalls": JSON.stringify(calls),
      "gen_ai.system": "p",
      "gen_ai.request.model": "m",
    };
    end(begin("ai.streamText.doStream", answer, around));
    tool(around);
    if (around !== undefined) end(around);
    expect(performance("service")).toMatchObject({
      successRate: 0.5,
      recoveredFailures: 1,
      openFailures: [],
    });
  },
);

it.for(["inside an agent", "outside any agent"])(
  "counts how often the request of a model call was sent again, %s",
  async (where) => {
    const around = where === "inside an agent" ? agent("service") : undefined;
    const asked = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };
    end(begin("chat m", { ...asked, "http.request.resend_count": 2 }, around));
    for (const odd of [0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, "2"])
      end(begin("chat m", { ...asked, "http.request.resend_count": odd }, around));
    if (around !== undefined) end(around);
    await harness.ticks(1);
    const labels = { agent: "service", task_type: "chat", error_type: "retried_request" };
    expect(await harness.value("ai_cloud_retried_attempts_total", labels)).toBe(2);
  },
);

describe("a call that begins in the context of one that has ended", () => {
  const ended = (name: string, parent?: Span): Span => {
    const span = begin("call", { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name }, parent);
    end(span);
    return span;
  };

  it("is part of the run that is open around that", async () => {
    const run = agent("planner");
    // Nothing is recorded in the first of them.
    const inner = begin("request", {}, run);
    const first = ended("search", inner);
    end(inner);
    chat(ended("search", first), 10, 5);
    end(run);
    await harness.ticks(1);
    expect(await values("ai_cloud_run_tool_calls_p95")).toEqual({ planner: 2 });
    expect(await values("ai_cloud_run_model_calls_p95")).toEqual({ planner: 1 });
    expect(await values("ai_cloud_completed_tasks_total")).toMatchObject({ planner: 1 });
  });

  it("is part of no run if none is open any more", async () => {
    const run = agent("planner");
    const call = ended("search", run);
    end(run);
    chat(call, 10, 5);
    await harness.ticks(1);
    expect(await values("ai_cloud_run_model_calls_p95")).toEqual({ planner: 0 });
    expect(await harness.value("ai_cloud_tokens_total", { agent: "service", token_type: "input" })).toBe(10);
  });

  it("is found for the last thousand of them", async () => {
    const run = agent("planner");
    const [forgotten, first] = [ended("search", run), ended("search", run)];
    for (let more = 1; more < 1000; more += 1) ended("search", run);
    chat(forgotten, 10, 5);
    chat(first, 1, 1);
    end(run);
    await harness.ticks(1);
    expect(await values("ai_cloud_run_model_calls_p95")).toEqual({ planner: 1 });
  });
});

describe("the spans of the SDK of Anthropic", () => {
  const ofAnthropic = (operation: string, parent?: Span): Span =>
    provider
      .getTracer("com.anthropic.sdk.typescript")
      .startSpan(
        "anthropic",
        { attributes: { "gen_ai.operation.name": operation, "gen_ai.request.model": "m" } },
        parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent),
      );

  it("have no status if the application gave the work up, which is then cancelled", () => {
    ofAnthropic("chat").end();
    expect(performance("service").successRate).toBeUndefined();
    const runner = ofAnthropic("invoke_agent");
    ofAnthropic("chat", runner).setStatus({ code: SpanStatusCode.OK }).end();
    runner.end();
    expect(performance("service")).toMatchObject({ completedTasks: 0, failedTasks: 0, cancelledTasks: 1 });
  });

  it("have a status otherwise", () => {
    ofAnthropic("chat").setStatus({ code: SpanStatusCode.OK }).end();
    expect(performance("service").successRate).toBe(1);
    ofAnthropic("chat").setStatus({ code: SpanStatusCode.ERROR }).end();
    expect(performance("service").successRate).toBe(0.5);
  });
});

describe("an invocation of an agent", () => {
  it("is active from its start, and a task at its end", async () => {
    const span = agent("planner");
    expect(performance("planner").activeTasks).toBe(1);
    end(span);
    expect(performance("planner")).toMatchObject({ activeTasks: 0, completedTasks: 1, failedTasks: 0 });
    expect(Object.keys(performance("planner").byTaskType)).toEqual(["invoke_agent"]);
  });

  it("has its model calls and its tool calls, but not those that make embeddings", async () => {
    const span = agent("planner");
    for (const tokens of [1, 2, 3]) chat(span, tokens, 1);
    end(begin("embeddings", { "gen_ai.operation.name": "embeddings", "gen_ai.request.model": "e" }, span));
    tool(span);
    tool(span, "TimeoutError");
    end(span);
    await harness.ticks(2);
    const sums = async (name: string) =>
      ((await harness.shown()).get(name) ?? []).map(({ value }) => (value as { sum: number }).sum);
    expect(await sums("gen_ai_invoke_agent_inference_calls")).toEqual([3]);
    expect(await sums("gen_ai_invoke_agent_tool_calls")).toEqual([2]);
  });

  it("has failed if it ended in an error, and is cancelled if it was aborted", () => {
    end(agent("planner"), "429");
    end(agent("planner"), "AbortError");
    expect(performance("planner")).toMatchObject({ completedTasks: 0, failedTasks: 1, cancelledTasks: 1 });
  });

  it("is recognised by attributes that are set late", () => {
    const span = begin("run");
    tool(span, "TimeoutError");
    tool(span);
    span.setAttributes({ "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" });
    end(span);
    expect(performance("planner")).toMatchObject({ completedTasks: 1, taskSuccessRate: 1, successRate: 0.5 });
  });

  it("without a name belongs to the process", () => {
    end(begin("run", { "gen_ai.operation.name": "invoke_agent" }));
    expect(performance("service").completedTasks).toBe(1);
  });

  it("is a task of its own inside another", () => {
    const outer = agent("planner");
    end(agent("critic", outer), "500");
    end(outer);
    expect(performance("planner")).toMatchObject({ completedTasks: 1, failedTasks: 0, taskSuccessRate: 1 });
    expect(performance("critic")).toMatchObject({ completedTasks: 0, failedTasks: 1 });
  });

  it("has the calls directly inside it, and not those of agents inside it", () => {
    const outer = agent("planner");
    const inner = agent("critic", outer);
    const innermost = agent("critic", inner);
    tool(innermost, "TimeoutError");
    tool(innermost);
    chat(inner, 7, 3);
    chat(outer, 1, 1);
    for (const span of [innermost, inner, outer]) end(span);
    expect(performance("planner")).toMatchObject({ completedTasks: 1, successRate: 1 });
    expect(performance("planner").resourceConsumption).toEqual({ input_tokens: 1, output_tokens: 1 });
    expect(performance("critic")).toMatchObject({ completedTasks: 1, recoveredFailures: 1 });
    expect(performance("critic").resourceConsumption).toEqual({ input_tokens: 7, output_tokens: 3 });
    expect(performance("critic").successRate).toBeLessThan(1);
  });

  it("is one task if two nested spans report it", () => {
    const outer = agent("planner");
    const inner = agent("planner", begin("step", {}, outer));
    tool(inner, "TimeoutError");
    tool(inner);
    end(inner);
    end(outer);
    expect(performance("planner")).toMatchObject({ completedTasks: 1, successRate: 0.5 });
  });

  it("is another one beside an invocation of the same name", () => {
    const both = [agent("planner"), agent("planner")];
    expect(performance("planner").activeTasks).toBe(2);
    for (const span of both) end(span);
    expect(performance("planner").completedTasks).toBe(2);
  });

  it("is lost if it does not end in time, and is no success if it ends later", async () => {
    const span = agent("planner");
    harness.world.millis += LOST_AFTER - 1;
    spans.sweep();
    expect(performance("planner").activeTasks).toBe(1);
    harness.world.millis += 1;
    spans.sweep();
    end(span);
    expect(performance("planner")).toMatchObject({ activeTasks: 0, completedTasks: 0, failedTasks: 0 });
    await harness.ticks(1);
    expect(await values("ai_cloud_lost_tasks_total")).toEqual({ planner: 1 });
    expect(await values("ai_cloud_cancelled_tasks_total")).toEqual({});
  });
});

describe("a tool that fails", () => {
  it("is a failed attempt if the agent goes on", () => {
    const span = agent("planner");
    tool(span, "TimeoutError");
    chat(span, 1, 1);
    end(span);
    expect(performance("planner")).toMatchObject({ taskSuccessRate: 1, successRate: 0.5, failureRate: 0.5 });
  });

  it("is what ended the invocation if that failed too", () => {
    const span = agent("planner");
    tool(span, "TimeoutError");
    end(span, "TimeoutError");
    expect(performance("planner")).toMatchObject({ taskSuccessRate: 0, failureRate: 1, failedTasks: 1 });
    end(agent("planner"));
    // One failed task and one that succeeded: the tool is no third attempt.
    expect(performance("planner").successRate).toBe(0.5);
  });

  it("outside any agent is an attempt of the process", () => {
    tool(undefined, "TimeoutError");
    expect(performance("service")).toMatchObject({ failureRate: 1, failedTasks: 0 });
  });
});

describe("a model call that fails", () => {
  it("is a failed attempt if the agent goes on, and the next success is a recovery", () => {
    const span = agent("planner");
    chat(span, 1, 0, "429");
    expect(performance("planner").openFailures).toMatchObject([{ failureType: "chat" }]);
    chat(span, 1, 1);
    end(span);
    expect(performance("planner")).toMatchObject({
      successRate: 0.5,
      recoveredFailures: 1,
      openFailures: [],
    });
  });

  it("is open beside the invocation that it ended, and is counted only as its failure", () => {
    const span = agent("planner");
    chat(span, 1, 0, "429");
    end(span, "429");
    expect(performance("planner")).toMatchObject({
      failedTasks: 1,
      openFailures: [{ failureType: "chat" }, { failureType: "invoke_agent" }],
    });
    const next = agent("planner");
    chat(next, 1, 1);
    end(next);
    expect(performance("planner")).toMatchObject({
      successRate: 0.5,
      recoveredFailures: 2,
      openFailures: [],
    });
  });
});

describe("a recovery that the application does not record", () => {
  it("is the next success of the failed tool, and its time is the time between", async () => {
    const span = agent("planner");
    tool(span, "TimeoutError");
    expect(performance("planner").openFailures).toHaveLength(1);
    harness.world.millis += 4 * SECOND;
    tool(span, undefined, "fetch");
    expect(performance("planner").openFailures).toHaveLength(1);
    tool(span);
    end(span);
    expect(performance("planner")).toMatchObject({ openFailures: [], averageRecoveryTime: 4 });
    await harness.ticks(2);
    expect(await values("ai_cloud_failure_recovery_time_seconds")).toEqual({ planner: 4 });
  });

  it("is an invocation that succeeds after one that failed", () => {
    end(agent("planner"), "500");
    harness.world.millis += 7 * SECOND;
    end(agent("critic"));
    end(agent("planner"));
    expect(performance("planner").averageRecoveryTime).toBe(7);
  });
});

describe("an agent that its framework reports too", () => {
  it("is not counted twice, but its tokens count if the framework does not report them", async () => {
    const span = agent("told by its framework");
    tool(span, "timeout");
    chat(span, 100, 20);
    end(span, "timeout");
    const { activeTasks, completedTasks, failedTasks, openFailures, resourceConsumption, successRate } =
      performance("told by its framework");
    expect({ activeTasks, completedTasks, failedTasks, successRate }).toEqual({
      activeTasks: 0,
      completedTasks: 0,
      failedTasks: 0,
      successRate: undefined,
    });
    expect(openFailures).toEqual([]);
    expect(resourceConsumption).toEqual({ input_tokens: 100, output_tokens: 20 });
  });

  it("has its tokens counted once if the framework reports them", async () => {
    frameworkReports.tokensWereReported("told by its framework", true);
    const span = agent("told by its framework");
    chat(span, 100, 20);
    end(span);
    expect(performance("told by its framework").resourceConsumption).toEqual({});
  });

  describe("whose spans do not have its name", () => {
    const process = () => performance("service");
    const nothing = { completedTasks: 0, failedTasks: 0, openFailures: [] };

    it("is known by a span above it that is no work itself", () => {
      frameworkReports.reportsAgent("the process", "LangGraph");
      for (const name of ["told by its framework", "LangGraph"]) {
        const graph = begin(name, { "openinference.span.kind": "CHAIN" });
        const node = begin("agent", { "openinference.span.kind": "AGENT" }, graph);
        chat(node, 100, 20);
        tool(node, "timeout");
        tool(graph, "timeout");
        end(node);
        end(graph);
      }
      expect(process()).toMatchObject({ ...nothing, resourceConsumption: {} });
      expect(process().successRate).toBeUndefined();
      expect(harness.pipeline.instruments.book.agentNames).not.toContain("agent");
      expect(performance("told by its framework")).toMatchObject({
        ...nothing,
        resourceConsumption: { input_tokens: 100, output_tokens: 20 },
      });
    });

    it("is not taken for an agent of another given name", () => {
      const graph = begin("told by its framework", { "openinference.span.kind": "CHAIN" });
      end(agent("critic", graph), "timeout");
      end(graph);
      expect(performance("critic").failedTasks).toBe(1);
    });

    it("is recognised by an open call of the same tool or model at the time of the span", () => {
      const orphan = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" };
      const outlasts = begin("call", orphan);
      const close = frameworkReports.toolStarts("told by its framework", "mcp_search");
      tool(undefined, "timeout");
      close();
      end(outlasts, "timeout");
      expect(process()).toMatchObject(nothing);
      harness.world.millis += SECOND;
      tool(undefined, "timeout");
      expect(process().openFailures).toHaveLength(1);
      const other = frameworkReports.toolStarts("told by its framework", "other");
      tool(undefined, "timeout", "unrelated");
      other();
      expect(process().openFailures).toHaveLength(2);
    });

    it("counts work without an agent for the process, also if the process is an agent of a framework", () => {
      frameworkReports.reportsAgent("service");
      frameworkReports.tokensWereReported("service", true);
      chat(undefined, 100, 20, "429");
      expect(process()).toMatchObject({
        openFailures: [{ failureType: "chat" }],
        resourceConsumption: { input_tokens: 100, output_tokens: 20 },
      });
      end(begin("run", { "gen_ai.operation.name": "invoke_agent" }));
      expect(process().completedTasks).toBe(0);
    });

    it("has its tokens counted once, by the one that reports them", () => {
      const call = (model: string) =>
        end(
          begin("chat", {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": model,
            "gen_ai.usage.input_tokens": 10,
          }),
        );
      const answered = frameworkReports.modelStarts("told by its framework", "gpt-4o-2024-08-06");
      call("gpt-4o");
      call("claude");
      expect(performance("told by its framework").resourceConsumption).toEqual({});
      expect(process().resourceConsumption).toEqual({ input_tokens: 10, output_tokens: 0 });
      frameworkReports.tokensWereReported("told by its framework", false);
      call("gpt-4o");
      answered();
      expect(performance("told by its framework").resourceConsumption).toEqual({
        input_tokens: 10,
        output_tokens: 0,
      });
      harness.world.millis += SECOND;
      call("gpt-4o");
      expect(process().resourceConsumption).toEqual({ input_tokens: 20, output_tokens: 0 });
    });
  });

  it("is not counted by a span that began before the framework's first report", async () => {
    const spanned = agent("planner");
    const timedOut = agent("planner");
    frameworkReports.reportsAgent("planner");
    tool(spanned, "timeout");
    tool(spanned);
    end(spanned, "timeout");
    harness.world.millis += LOST_AFTER;
    spans.sweep();
    expect(timedOut.isRecording()).toBe(true);
    expect(performance("planner")).toMatchObject({
      activeTasks: 0,
      completedTasks: 0,
      failedTasks: 0,
      cancelledTasks: 0,
      openFailures: [],
    });
    await harness.ticks(2);
    expect(await harness.namesWith("gen_ai.agent.name", "planner")).toEqual([]);
    expect(await harness.value("ai_cloud_lost_tasks_total", { agent: "planner" })).toBeUndefined();
  });
});

describe("tokens", () => {
  it("belong to the agent that called the model, with nested calls counted once", () => {
    const span = agent("planner");
    const outer = begin("chat", { "gen_ai.operation.name": "chat" }, span);
    chat(outer, 100, 20);
    chat(outer, 50, 5);
    end(outer);
    span.setAttributes({ "gen_ai.usage.input_tokens": 150, "gen_ai.usage.output_tokens": 25 });
    end(span);
    expect(performance("planner").resourceConsumption).toEqual({ input_tokens: 150, output_tokens: 25 });
  });

  it("of an invocation count if its model calls report none", () => {
    const span = agent("planner");
    span.setAttribute("gen_ai.usage.input_tokens", 150);
    end(span);
    expect(performance("planner").resourceConsumption).toEqual({ input_tokens: 150, output_tokens: 0 });
  });
});

it("limits the number of names", () => {
  for (let index = 0; index < 230; index += 1) end(agent(`agent ${index}`));
  expect(harness.pipeline.instruments.book.agentNames).toHaveLength(201);
  expect(performance("other").completedTasks).toBe(30);
});

it("lets a thousand calls wait for a span that may turn out to be an agent's", async () => {
  const span = begin("run");
  for (let call = 0; call < 1003; call += 1) tool(span);
  span.setAttributes({ "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" });
  end(span);
  await harness.ticks(2);
  const [calls] = (await harness.shown()).get("gen_ai_invoke_agent_tool_calls") ?? [];
  expect(calls?.labels).toEqual({ "gen_ai.agent.name": "planner" });
  expect(calls?.value).toMatchObject({ count: 1, sum: 1000 });
});

it("follows a limited number of spans", () => {
  for (let index = 0; index < 20_001; index += 1) begin("leaked");
  expect(harness.pipeline.skips.counts.get("max_open_spans")).toBe(1);
  end(agent("planner"));
  expect(performance("planner").completedTasks).toBe(1);
});

it("spans without an agent are not counted", () => {
  const request = begin("GET /");
  end(begin("SELECT", {}, request), "500");
  end(request, "500");
  expect(harness.pipeline.instruments.book.agentNames).toEqual([]);
});

describe("a trace of the OpenAI Agents SDK in spans of OpenInference", () => {
  const scope = "@arizeai/openinference-instrumentation-openai-agents";
  const openInference = (name: string, parent?: Span): Span => {
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);
    const attributes = { "openinference.span.kind": "AGENT" };
    return provider.getTracer(scope).startSpan(name, { attributes }, context);
  };

  it.each(["Agent workflow", "Support"])("is no agent beside the agents inside it (%s)", (name) => {
    const request = begin("GET /");
    const root = openInference(name, request);
    const run = openInference("forecaster", root);
    const inner = openInference("helper", run);
    expect(harness.pipeline.instruments.book.agentNames.toSorted()).toEqual(["forecaster", "helper"]);
    for (const span of [inner, run, root, request]) span.end();
    expect(harness.pipeline.instruments.book.agentNames.toSorted()).toEqual(["forecaster", "helper"]);
    expect(performance("forecaster").completedTasks).toBe(1);
  });
});

it("a span without an error may report in its output how an agent of Genkit ended", async () => {
  const attributes = { "genkit:type": "action", "genkit:metadata:subtype": "agent" };
  for (const reason of ["failed", "aborted"]) {
    const span = begin("coder", attributes);
    span.setAttribute("genkit:output", `{"sessionId":"a","finishReason":"${reason}"}`);
    span.end();
  }
  expect(performance("coder")).toMatchObject({ completedTasks: 0, failedTasks: 1, cancelledTasks: 1 });
});
