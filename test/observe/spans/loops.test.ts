import type { Attributes, Span } from "@opentelemetry/api";
import { beforeEach, describe, expect, it } from "vitest";
import { end, SpanBench } from "./bench-of-spans.ts";

let bench: SpanBench;
beforeEach(() => {
  bench = new SpanBench();
});

const agent = (name: string): Span =>
  bench.begin("run", { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name });

function call(parent: Span, attributes: Attributes): void {
  const named = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" };
  end(bench.begin("call", { ...named, ...attributes }, parent));
}

const loops = (): Promise<object[]> => bench.points("ai_cloud_repeated_tool_calls_total");

describe("a loop in a run that only spans report", () => {
  it.for([
    "gen_ai.tool.call.arguments",
    "ai.toolCall.args",
    "gcp.vertex.agent.tool_call_args",
    "input.value",
    "traceloop.entity.input",
    "genkit:input",
  ])("is the same call from the third on, by the arguments in %s", async (key) => {
    const run = agent("planner");
    for (let times = 0; times < 4; times += 1) call(run, { [key]: '{"query":"secret"}' });
    call(run, { [key]: '{"query":"other"}' });
    end(run);
    expect(await loops()).toEqual([{ agent: "planner", tool: "search", value: 2 }]);
    expect(JSON.stringify([...(await bench.harness.shown())])).not.toContain("secret");
  });

  it("is the same call from the third on, by the arguments in an event", async () => {
    const run = agent("planner");
    for (const content of ["a", "a", "a", "b"]) {
      const named = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" };
      const span = bench.begin("call", named, run);
      span.addEvent("gen_ai.tool.message", { role: "tool", content: JSON.stringify({ query: content }) });
      span.addEvent("gen_ai.choice", { message: "secret" });
      end(span);
    }
    end(run);
    expect(await loops()).toEqual([{ agent: "planner", tool: "search", value: 1 }]);
  });

  it("is not seen across runs, without arguments, or with arguments that are too long", async () => {
    for (let times = 0; times < 4; times += 1) {
      const run = agent("planner");
      call(run, { "gen_ai.tool.call.arguments": "{}" });
      end(run);
    }
    const run = agent("planner");
    for (let times = 0; times < 4; times += 1) call(run, {});
    const long = JSON.stringify({ query: "a".repeat(100_000) });
    for (let times = 0; times < 4; times += 1) call(run, { "gen_ai.tool.call.arguments": long });
    end(run);
    expect(await loops()).toEqual([{ agent: "planner", tool: "search", value: 0 }]);
  });

  it("is not counted if a framework reports the agent", async () => {
    bench.frameworkReports.reportsAgent("planner");
    const run = agent("planner");
    for (let times = 0; times < 4; times += 1) call(run, { "gen_ai.tool.call.arguments": "{}" });
    end(run);
    expect(await loops()).toEqual([]);
  });
});

describe("the time to the first output in a span", () => {
  const times = async (): Promise<object[]> =>
    (await bench.points("ai_cloud_first_token_duration_seconds")).map((point) => {
      const { value, ...labels } = point as { value: { count: number; sum: number } };
      return { ...labels, count: value.count, sum: value.sum };
    });
  const model = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "small" };

  it.for([
    ["gen_ai.response.time_to_first_chunk", 0.25],
    ["ai.response.msToFirstChunk", 250],
  ] as const)("is read from %s", async ([key, given]) => {
    const run = agent("planner");
    end(bench.begin("chat", { ...model, [key]: given }, run));
    end(bench.begin("chat", model, run));
    end(run);
    expect(await times()).toEqual([{ agent: "planner", model: "small", count: 1, sum: 0.25 }]);
  });

  it("is not counted if a framework reports the agent", async () => {
    bench.frameworkReports.reportsAgent("planner");
    const run = agent("planner");
    end(bench.begin("chat", { ...model, "gen_ai.response.time_to_first_chunk": 0.25 }, run));
    end(run);
    expect(await times()).toEqual([]);
  });
});
