import { describe, expect, it } from "vitest";
import type { SpanReading } from "../../../src/observe/spans/span-reading.ts";
import { SpanNode } from "../../../src/observe/spans/span-tree.ts";

const KEPT = 64;
const TOOL: SpanReading = { role: "tool", taskType: "execute_tool search", toolName: "search" };
const AGENT: SpanReading = { role: "agent", taskType: "invoke_agent", agentName: "planner" };

function node(name: string, parent?: SpanNode, attributes = {}): SpanNode {
  return new SpanNode({ name, attributes }, parent, 0);
}

/** Each starts the next before it ends; the last is open. */
function chain(
  length: number,
  above: SpanNode | undefined,
  work: (index: number) => SpanReading | undefined,
): SpanNode {
  let last = node("step 0", above);
  for (let index = 1; index < length; index += 1) {
    const next = node(`step ${index}`, last);
    last.end(work(index));
    last = next;
  }
  return last;
}

function above(below: SpanNode): SpanNode[] {
  const all: SpanNode[] = [];
  for (let one = below.parent; one !== undefined; one = one.parent) all.push(one);
  return all;
}

describe("what is above a span", () => {
  it("excludes ended spans that were no work", () => {
    const open = node("open");
    const last = chain(10_000, open, () => undefined);
    expect(above(last)).toEqual([open]);
    expect(above(node("below", last))).toEqual([last, open]);
  });

  it("excludes spans that were no work and ended from the innermost on", () => {
    const nested = [node("0")];
    for (let depth = 1; depth < 10_000; depth += 1) nested.push(node(`${depth}`, nested.at(-1)));
    const below = node("below", nested.at(-1));
    for (const one of nested.reverse()) one.end(undefined);
    expect(above(below)).toEqual([]);
  });

  it("keeps only the nearest ended spans that were work, and then the open ones", () => {
    const open = node("open");
    const last = chain(10_000, open, (index) => ({ ...TOOL, toolName: `tool ${index}` }));
    const all = above(last);
    expect(all.length).toBeLessThanOrEqual(KEPT + 2);
    expect(all[0]?.work?.toolName).toBe("tool 9999");
    expect(all.at(-1)).toBe(open);
  });

  it("is found above long chains of both kinds", () => {
    const run = node("run", undefined);
    const last = chain(1000, run, (index) => (index % 2 === 0 ? undefined : TOOL));
    run.end(AGENT);
    expect(last.agentAbove).toBe(run);
  });

  it("keeps its names, the nearest first", () => {
    const last = chain(5, node("open"), (index) => (index === 2 ? TOOL : undefined));
    expect([...last.namesAbove()]).toEqual(["step 3", "step 2", "step 1", "step 0", "open"]);
  });

  it("keeps a limited number of different names, the nearest", () => {
    const names = [...chain(10_000, node("open"), () => undefined).namesAbove()];
    expect(names.slice(0, 2)).toEqual(["step 9998", "step 9997"]);
    expect(names.length).toBeLessThanOrEqual(KEPT + 2);
    expect(names.at(-1)).toBe("open");
  });
});
