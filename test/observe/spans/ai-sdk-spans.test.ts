import type { Attributes, Span } from "@opentelemetry/api";
import { beforeEach, describe, expect, it } from "vitest";
import { end, SpanBench } from "./bench-of-spans.ts";

let bench: SpanBench;
beforeEach(() => {
  bench = new SpanBench();
});

/** A span of AI SDK 5 or 6, with the attributes that it has from its start. */
function begin(operation: string, functionId?: string, parent?: Span, attributes: Attributes = {}): Span {
  const named = functionId === undefined ? {} : { "ai.telemetry.functionId": functionId };
  return bench.begin(operation, { "ai.operationId": operation, ...named, ...attributes }, parent);
}

const model = (operation: string, functionId?: string, parent?: Span): Span =>
  begin(operation, functionId, parent, { "gen_ai.system": "p", "gen_ai.request.model": "m" });

const answered = (span: Span, reason = "stop"): void => {
  span.setAttributes({ "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5 });
  end(span.setAttribute("ai.response.finishReason", reason));
};

describe("a run of AI SDK 5 and 6", () => {
  it.for(["ai.generateText", "ai.streamText"])(
    "is a task of the agent that its functionId names: %s",
    async (run) => {
      const span = begin(run, "planner");
      expect(bench.of("planner").activeTasks).toBe(1);
      answered(model(`${run}.do`, "planner", span), "tool-calls");
      end(begin("ai.toolCall", "planner", span, { "ai.toolCall.name": "search" }), "RangeError");
      answered(model(`${run}.do`, "planner", span));
      answered(span);
      expect(bench.of("planner")).toMatchObject({ completedTasks: 1, activeTasks: 0, failedTasks: 0 });
      expect(Object.keys(bench.of("planner").byTaskType)).toContain("invoke_agent");
      expect(bench.of("planner").successRate).toBeCloseTo(2 / 3);
      expect(bench.agentNames).toEqual(["planner"]);
      expect(await bench.points("ai_cloud_tokens_total")).toEqual([
        { agent: "planner", token_type: "input", value: 20 },
        { agent: "planner", token_type: "output", value: 10 },
      ]);
    },
  );

  it("has the tokens of the embeddings in its tools, once", async () => {
    const span = begin("ai.generateText", "planner");
    const tool = begin("ai.toolCall", "planner", span, { "ai.toolCall.name": "search" });
    const asked = { "ai.model.id": "embedder", "ai.model.provider": "p" };
    const outer = begin("ai.embed", undefined, tool, asked);
    const inner = begin("ai.embed.doEmbed", undefined, outer, asked);
    for (const embeddings of [inner, outer]) end(embeddings.setAttribute("ai.usage.tokens", 7));
    end(tool);
    end(span);
    expect(await bench.points("ai_cloud_model_tokens_total")).toEqual([
      { agent: "planner", model: "embedder", token_type: "input", value: 7 },
      { agent: "planner", model: "embedder", token_type: "output", value: 0 },
    ]);
    expect(bench.agentNames).toEqual(["planner"]);
  });

  it("without a functionId is a task of the agent of the process", () => {
    const span = begin("ai.generateText");
    answered(model("ai.generateText.doGenerate", undefined, span));
    answered(span);
    expect(bench.of("service")).toMatchObject({ completedTasks: 1 });
  });

  it("without a functionId is a part of the run around it", async () => {
    const outer = begin("ai.generateText", "planner");
    const tool = begin("ai.toolCall", "planner", outer, { "ai.toolCall.name": "search" });
    const inner = begin("ai.generateText", undefined, tool);
    answered(model("ai.generateText.doGenerate", undefined, inner));
    answered(inner);
    end(tool);
    answered(outer);
    expect(bench.agentNames).toEqual(["planner"]);
    expect(bench.of("planner")).toMatchObject({ completedTasks: 1 });
    expect(await bench.points("ai_cloud_tokens_total")).toContainEqual({
      agent: "planner",
      token_type: "input",
      value: 10,
    });
  });

  it("with a functionId of its own inside another run is a task of its own", () => {
    const outer = begin("ai.generateText", "planner");
    answered(begin("ai.generateText", "writer", outer));
    answered(outer);
    for (const name of ["planner", "writer"]) expect(bench.of(name)).toMatchObject({ completedTasks: 1 });
  });

  it("has failed with its error, and is cancelled if that is an abort", () => {
    end(begin("ai.generateText", "planner"), "TypeError");
    end(begin("ai.generateText", "planner"), "AbortError");
    expect(bench.of("planner")).toMatchObject({ completedTasks: 0, failedTasks: 1, cancelledTasks: 1 });
  });
});

describe("a stream of AI SDK 5 and 6", () => {
  const failures = async (): Promise<object[]> =>
    (await bench.points("ai_cloud_task_duration_seconds")).map((point) => ({ ...point, value: 0 }));

  it("has failed if its last model call failed, although its span says nothing of that", async () => {
    const span = begin("ai.streamText", "planner");
    answered(model("ai.streamText.doStream", "planner", span), "tool-calls");
    end(model("ai.streamText.doStream", "planner", span), "TypeError");
    answered(span, "unknown");
    expect(bench.of("planner")).toMatchObject({ completedTasks: 0, failedTasks: 1 });
    expect(await failures()).toEqual([expect.objectContaining({ error_type: "TypeError" })]);
  });

  it("has not failed if the model answered after it failed", () => {
    const span = begin("ai.streamText", "planner");
    end(model("ai.streamText.doStream", "planner", span), "TypeError");
    answered(model("ai.streamText.doStream", "planner", span));
    answered(span);
    expect(bench.of("planner")).toMatchObject({ completedTasks: 1, failedTasks: 0 });
  });

  it("has failed if it broke off", async () => {
    const span = begin("ai.streamText", "planner");
    answered(model("ai.streamText.doStream", "planner", span), "error");
    answered(span, "error");
    expect(bench.of("planner")).toMatchObject({ completedTasks: 0, failedTasks: 1 });
    expect(await failures()).toEqual([expect.objectContaining({ error_type: "stream_error" })]);
  });

  it("is cancelled if it ends without a reason", () => {
    const span = begin("ai.streamText", "planner");
    model("ai.streamText.doStream", "planner", span);
    end(span);
    const { world } = bench.harness;
    world.millis += 1;
    expect(bench.frameworkReports.wasAskedInSpan({ model: "m", operation: "chat" }, world.millis)).toBe(
      false,
    );
    expect(bench.of("planner")).toMatchObject({ completedTasks: 0, failedTasks: 0, cancelledTasks: 1 });
  });
});

it("a model call of AI SDK 5 and 6 outside a run counts for its functionId", async () => {
  const span = begin("ai.generateObject", "extractor");
  answered(model("ai.generateObject.doGenerate", "extractor", span));
  end(span);
  expect(bench.of("extractor")).toMatchObject({ completedTasks: 0, successRate: 1 });
  expect(bench.agentNames).toEqual(["extractor"]);
});

it("a run that the framework reports too is not counted again", () => {
  bench.frameworkReports.reportsAgent("planner");
  bench.frameworkReports.tokensWereReported("planner", true);
  const span = begin("ai.generateText", "planner");
  answered(model("ai.generateText.doGenerate", "planner", span));
  answered(span);
  expect(bench.agentNames).toEqual([]);
});
