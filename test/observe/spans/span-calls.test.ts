import { describe, expect, it } from "vitest";
import type { SpanReading } from "../../../src/observe/spans/span-reading.ts";
import { type HeldCall, holdBack, SpanNode } from "../../../src/observe/spans/span-tree.ts";
import { end, SpanBench } from "./bench-of-spans.ts";

const AGENT: SpanReading = { role: "agent", taskType: "invoke_agent", agentName: "planner" };
const toolOf = (toolName: string): SpanReading => ({
  role: "tool",
  taskType: `execute_tool ${toolName}`,
  toolName,
});
const MODEL: SpanReading = { role: "model", taskType: "chat" };

function node(parent?: SpanNode, attributes = {}): SpanNode {
  return new SpanNode({ name: "span", attributes }, parent, 0);
}

/** An agent whose span is open. */
const openAgent = () =>
  node(undefined, { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" });

describe("a model call", () => {
  it("is closed when its span ends, or with its agent, whose span may end first", () => {
    const closed: string[] = [];
    const agent = openAgent();
    const [one, other] = [node(agent), node(node(agent))];
    one.modelOpens(() => closed.push("one"));
    other.modelOpens(() => closed.push("other"));
    one.end(MODEL);
    expect(closed).toEqual(["one"]);
    agent.end(AGENT);
    expect(closed).toEqual(["one", "one", "other"]);
    agent.end(AGENT);
    expect(closed).toEqual(["one", "one", "other"]);
  });

  it("without an agent is closed with its span only", () => {
    const closed: string[] = [];
    const outside = node();
    const model = node(outside);
    model.modelOpens(() => closed.push("model"));
    outside.end(undefined);
    expect(closed).toEqual([]);
    model.end(MODEL);
    expect(closed).toEqual(["model"]);
  });
});

describe("a call above of the same kind", () => {
  it.each([
    ["a tool of the same name", toolOf("search"), toolOf("search"), true],
    ["a tool of another name", toolOf("fetch"), toolOf("search"), false],
    ["a model", MODEL, MODEL, true],
    ["a model around a tool", MODEL, toolOf("search"), false],
  ])("is found if it is %s", (_, outerWork, work, isFound) => {
    const outer = node();
    const between = node(outer);
    const inner = node(between);
    outer.end(outerWork);
    between.end(toolOf("between"));
    expect(inner.outerCall(work)).toBe(isFound ? outer : undefined);
  });

  it("is none beyond an agent, or where there is none above", () => {
    const outer = node();
    const agent = node(outer);
    const inner = node(agent);
    outer.end(MODEL);
    agent.end(AGENT);
    expect(inner.outerCall(MODEL)).toBeUndefined();
    expect(node().outerCall(MODEL)).toBeUndefined();
    expect(inner.agentAbove).toBe(agent);
    expect(outer.agentAbove).toBeUndefined();
  });
});

describe("a call whose agent is not known", () => {
  const call = (of: SpanNode, work: SpanReading = MODEL): HeldCall => ({
    ...{ node: of, work, how: { outcome: "success", seconds: 1 }, reportedBy: undefined },
  });

  it("waits for the nearest open span above", () => {
    const [outer, ended] = [node(), node()];
    const inner = node(ended);
    const waiting = call(node(node(outer)));
    expect(holdBack(waiting)).toBe(true);
    expect(outer.held).toEqual([]);
    expect(waiting.node.openAbove?.held).toEqual([waiting]);
    ended.end(MODEL);
    expect(holdBack(call(inner))).toBe(false);
  });

  it("does not wait if it names its agent, or if a thousand wait already", () => {
    const outer = node();
    expect(holdBack(call(node(outer), { ...MODEL, agentName: "planner" }))).toBe(false);
    for (let count = 0; count < 1000; count += 1) expect(holdBack(call(node(outer)))).toBe(true);
    expect(holdBack(call(node(outer)))).toBe(false);
    expect(outer.held).toHaveLength(1000);
  });
});

it("a span is what its attributes say until it ends, and then what it ended as", () => {
  const agent = openAgent();
  expect(agent.work).toMatchObject({ role: "agent", agentName: "planner" });
  expect(agent.span?.name).toBe("span");
  agent.end(undefined);
  expect([agent.work, agent.span]).toEqual([undefined, undefined]);
  const other = node();
  other.end(AGENT);
  expect(other.work).toBe(AGENT);
});

it("the names above have those of spans that were no work, and of agents", () => {
  const agent = openAgent();
  const between = new SpanNode({ name: "between", attributes: {} }, agent, 0);
  const below = node(between);
  between.end(undefined);
  expect([...below.namesAbove()]).toEqual(["between", "span", "planner"]);
});

it("a trace of the OpenAI Agents SDK is no agent, and an agent inside it is", () => {
  const scope = { instrumentationScope: { name: "@arizeai/openinference-instrumentation-openai-agents" } };
  const attributes = { "openinference.span.kind": "AGENT" };
  const trace = new SpanNode({ name: "Agent workflow", attributes, ...scope } as never, undefined, 0);
  const agent = new SpanNode({ name: "Support", attributes, ...scope } as never, trace, 0);
  const inOther = new SpanNode({ name: "Agent workflow", attributes, ...scope } as never, node(), 0);
  expect([trace.work, agent.work?.role, inOther.work]).toEqual([undefined, "agent", undefined]);
});

it("a model that a span asks is known from the start of the span, and afterwards for those who ask about then", () => {
  const bench = new SpanBench();
  const { frameworkReports: reports, harness } = bench;
  const started = harness.world.elapsedMillis();
  const asked = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };
  const wasAsked = (model: string, since: number) =>
    reports.wasAskedInSpan({ model, operation: "chat" }, since);
  const span = bench.begin("chat m", asked);
  expect([wasAsked("m", started), wasAsked("other", started)]).toEqual([true, false]);
  harness.world.millis += 1000;
  end(span);
  const ended = harness.world.elapsedMillis();
  expect([wasAsked("m", ended), wasAsked("m", ended + 1)]).toEqual([true, false]);
  // Attributes may come late.
  const late = bench.begin("call");
  harness.world.millis += 1000;
  expect(wasAsked("late", started)).toBe(false);
  late.setAttributes({ ...asked, "gen_ai.request.model": "late" });
  end(late);
  expect(wasAsked("late", harness.world.elapsedMillis())).toBe(true);
});
