import { beforeEach, describe, expect, it, vi } from "vitest";
import { MastraObserver, type ObservabilityClass } from "../../../src/observe/mastra/mastra.ts";
import type { MastraSpan } from "../../../src/observe/mastra/span.ts";
import { WorkBench } from "../bench-of-work.ts";
import { type Exporter, Observability } from "./fake-mastra.ts";

let bench: WorkBench;
let observer: MastraObserver;
let mastra: Observability;
let made: typeof Observability;

beforeEach(() => {
  bench = new WorkBench();
  observer = new MastraObserver(bench.work);
  made = class extends Observability {};
  observer.join(made as unknown as ObservabilityClass);
  mastra = new made();
});

const usage = { inputTokens: 10, outputTokens: 5, inputDetails: { cacheRead: 4 } };

/** A span that is open until it is ended with what is known then. */
function span(type: string, id: string, parentSpanId?: string, more: Partial<MastraSpan> = {}) {
  const begun = mastra.startSpan({
    id,
    type,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    ...more,
  });
  return (end: Partial<MastraSpan> = {}): void => mastra.endSpan({ ...begun, ...end });
}

const run = (id = "run", parent?: string, entityName = "planner") =>
  span("agent_run", id, parent, { entityName, entityId: "planner-id" });
const ask = (id: string, parent = "run") =>
  span("model_inference", id, parent, { attributes: { model: "small", provider: "fake" } });

describe("a run of an agent of Mastra", () => {
  it("is active from its start, and a task with tokens at its end", async () => {
    const end = run();
    expect(bench.of("planner").activeTasks).toBe(1);
    span("model_generation", "answer", "run");
    span("model_step", "step", "answer");
    ask("call", "step")({ attributes: { model: "small", provider: "fake", finishReason: "stop", usage } });
    end();
    expect(bench.of("planner")).toMatchObject({ activeTasks: 0, completedTasks: 1 });
    expect(bench.of("planner").resourceConsumption).toMatchObject({ input_tokens: 10, output_tokens: 5 });
    const { gen_ai_client_token_usage: tokens } = await bench.standard();
    expect(tokens).toContainEqual(
      expect.objectContaining({ "gen_ai.request.model": "small", "gen_ai.provider.name": "fake", sum: 10 }),
    );
  });

  it("is followed with up to 10,000 open spans, and those beyond are counted", () => {
    const skipped = () => bench.harness.pipeline.skips.counts.get("max_open_spans");
    const end = run();
    const ends = Array.from({ length: 9999 }, (_, i) => span("model_step", `step ${i}`, "run"));
    expect(skipped()).toBeUndefined();
    run("late", undefined, "writer");
    expect(skipped()).toBe(1);
    expect(bench.of("writer").activeTasks).toBe(0);
    ends[0]?.();
    run("later", undefined, "writer");
    expect(skipped()).toBe(1);
    expect(bench.of("writer").activeTasks).toBe(1);
    end();
    expect(bench.of("planner")).toMatchObject({ activeTasks: 0, completedTasks: 1 });
  });

  it("that failed has the type of its error", () => {
    run()({ errorInfo: { name: "TypeError" } });
    expect(bench.of("planner")).toMatchObject({ failedTasks: 1, completedTasks: 0 });
  });

  it("is cancelled if its last answer was given up, or its error is an abort", () => {
    const end = run();
    ask("call")();
    end();
    run("again")({ errorInfo: { name: "AbortError" } });
    expect(bench.of("planner")).toMatchObject({ cancelledTasks: 2, completedTasks: 0, failedTasks: 0 });
  });

  it("has ended well if it stops to ask a person, and the tool that asks counts when it goes on", async () => {
    const named = { entityName: "weather", attributes: {} };
    const end = run();
    ask("call")();
    span("tool_call", "1", "run", named)();
    end({ output: { status: "suspended", reason: "tool-call-suspended" } });
    const goesOn = run("again");
    span("tool_call", "2", "again", named)({ attributes: { success: true }, output: {} });
    ask("answers", "again")({ attributes: { finishReason: "stop" } });
    goesOn();
    expect(bench.of("planner")).toMatchObject({ completedTasks: 2, cancelledTasks: 0, activeTasks: 0 });
    const { gen_ai_execute_tool_duration_seconds: tools } = await bench.standard();
    expect(tools).toMatchObject([{ "gen_ai.tool.name": "weather", count: 1 }]);
  });

  it("survives a tool that failed, which is a failed attempt, and recovers when it works", () => {
    const end = run();
    const weather = { entityName: "weather" };
    span(
      "tool_call",
      "1",
      "run",
      weather,
    )({ errorInfo: { name: "RangeError" }, attributes: { success: false } });
    ask("call")({ attributes: { finishReason: "stop" } });
    span("mcp_tool_call", "2", "run", weather)({ attributes: { success: true } });
    end();
    expect(bench.of("planner")).toMatchObject({ completedTasks: 1, openFailures: [] });
    expect(bench.of("planner").successRate).toBeLessThan(1);
  });

  it("counts a call of a tool that does not exist as a failed attempt, and none of a tool of the client", async () => {
    const answered = { attributes: { finishReason: "tool-calls" } };
    const end = run();
    ask("call")(answered);
    span("client_tool_call", "1", "run", { entityName: "made_up" })();
    ask("again")({ attributes: { finishReason: "stop" } });
    end();
    const endOther = run("other", undefined, "asker");
    ask("asks", "other")(answered);
    span("client_tool_call", "2", "other", { entityName: "where_am_i" })();
    endOther();
    expect(bench.of("planner")).toMatchObject({ completedTasks: 1, successRate: 2 / 3, openFailures: [] });
    expect(bench.of("asker")).toMatchObject({ completedTasks: 1, successRate: 1 });
    await bench.harness.ticks(1);
    const labels = { agent: "planner", task_type: "execute_tool unknown", error_type: "tool_not_found" };
    expect(await bench.harness.value("ai_cloud_retried_attempts_total", labels)).toBe(1);
  });

  it("counts an input that does not fit a tool as a failed attempt with a type", async () => {
    const end = run();
    const weather = { entityName: "weather" };
    span(
      "tool_call",
      "1",
      "run",
      weather,
    )({ attributes: { success: false }, output: { validationErrors: {} } });
    ask("call")({ attributes: { finishReason: "stop" } });
    end();
    await bench.harness.ticks(1);
    const labels = { agent: "planner", task_type: "execute_tool weather", error_type: "invalid_tool_input" };
    expect(await bench.harness.value("ai_cloud_retried_attempts_total", labels)).toBe(1);
  });

  it("has its tokens from the whole answer where calls are not exported", () => {
    const end = run();
    span("model_generation", "answer", "run")({ attributes: { model: "small", usage } });
    end();
    expect(bench.of("planner").resourceConsumption).toMatchObject({ input_tokens: 10, output_tokens: 5 });
  });

  it("inside a tool of another agent belongs to its own agent", () => {
    const end = run();
    const endTool = span("tool_call", "tool", "run", { entityName: "ask-helper" });
    const endInner = run("inner", "tool", "helper");
    ask("call", "inner")({ attributes: { finishReason: "stop", usage } });
    for (const over of [endInner, endTool, end]) over();
    expect(bench.agentNames).toEqual(["helper", "planner"]);
    expect(bench.of("helper").resourceConsumption).toMatchObject({ input_tokens: 10 });
    expect(bench.of("planner").resourceConsumption).not.toMatchObject({ input_tokens: 10 });
  });
});

describe("the observability of an application", () => {
  it("has one more exporter, however many spans it creates", () => {
    const theirs = { exportTracingEvent: vi.fn(async () => {}) };
    mastra.registerExporter(theirs);
    run()();
    run("again")();
    expect(mastra.exporters).toHaveLength(2);
    expect(theirs.exportTracingEvent).toHaveBeenCalledTimes(4);
  });

  it("is not observed after the stop", () => {
    observer.stop();
    run()();
    expect(mastra.exporters).toEqual([]);
    expect(bench.agentNames).toEqual([]);
  });

  it("that is open at the stop is forgotten, and an instance that has our exporter is no longer observed", () => {
    const end = run();
    expect(mastra.exporters).toHaveLength(1);
    observer.stop();
    end();
    run("late", undefined, "writer")();
    expect(mastra.exporters).toHaveLength(1);
    expect(bench.of("planner").completedTasks).toBe(0);
    expect(bench.agentNames).toEqual(["planner"]);
  });

  it("starts spans by its own method after the stop, unless something else has replaced it since", () => {
    const startSpan = vi.fn();
    const replaced = vi.fn();
    const classOf = () => ({ prototype: { startSpan, registerExporter: vi.fn() } });
    const [left, changed] = [classOf(), classOf()];
    for (const it of [left, changed]) observer.join(it as unknown as ObservabilityClass);
    expect(left.prototype.startSpan).not.toBe(startSpan);
    changed.prototype.startSpan = replaced;
    observer.stop();
    expect(left.prototype.startSpan).toBe(startSpan);
    expect(changed.prototype.startSpan).toBe(replaced);
  });

  it("is not observed in an unknown version, which is logged", () => {
    const said = vi.spyOn(bench.work, "logOnce");
    observer.join({ prototype: {} } as ObservabilityClass);
    expect(said).toHaveBeenCalledWith(expect.stringContaining("not known"));
  });

  it("may pass any event", async () => {
    run();
    const [ours] = mastra.exporters as [Exporter];
    const throwing = {
      get exportedSpan(): never {
        throw new Error("of the application");
      },
    };
    for (const event of [{}, { type: "span_ended" }, throwing] as never[])
      await expect(ours.exportTracingEvent(event)).resolves.toBeUndefined();
  });
});

it("runs the code of spans with the methods of Mastra again, once it is stopped", () => {
  const methods = Object.getPrototypeOf(new Observability().startSpan({ id: "before", type: "agent_run" }));
  const own = methods.executeInContext;
  run()();
  expect(methods.executeInContext).not.toBe(own);
  observer.stop();
  expect(methods.executeInContext).toBe(own);
});
