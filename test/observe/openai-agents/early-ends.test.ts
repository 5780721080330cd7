import type { TracingProcessor } from "@openai/agents";
import { diag } from "@opentelemetry/api";
import { expect, it, vi } from "vitest";
import { EarlyEnds } from "../../../src/observe/openai-agents/early-ends.ts";
import { OpenAiAgentsObserver } from "../../../src/observe/openai-agents/openai-agents.ts";
import { endedSpan } from "../../../src/observe/openai-agents/span.ts";
import { WorkBench } from "../bench-of-work.ts";

it("keeps the latest thousand ends whose starts are not reported", () => {
  const ends = new EarlyEnds();
  const end = (spanId: string, parentId: string) =>
    endedSpan({ spanId, parentId, spanData: { type: "function", name: "search" }, error: null });
  for (let span = 0; span < 1001; span += 1) ends.add(end(`${span}`, span % 2 === 0 ? "even" : "odd"));
  expect([ends.has("0"), ends.has("1"), ends.has("1000")]).toEqual([false, true, true]);
  expect(ends.takeWithin("even").map(({ spanId }) => spanId)).toHaveLength(500);
  expect(ends.takeWithin("even")).toEqual([]);
  expect(ends.take("1")).toMatchObject({ spanId: "1", outcome: "success" });
  expect(ends.take("1")).toBeUndefined();
});

/** Our processor, as a provider gets it. */
function joined(bench: WorkBench): [TracingProcessor, OpenAiAgentsObserver] {
  const PROVIDER = Symbol.for("openai.agents.core.traceProvider");
  const holder = globalThis as { [PROVIDER]?: unknown };
  const before = holder[PROVIDER];
  const registerProcessor = vi.fn<(processor: TracingProcessor) => void>();
  holder[PROVIDER] = { registerProcessor, setProcessors: () => {} };
  const observer = new OpenAiAgentsObserver(bench.work);
  observer.start();
  holder[PROVIDER] = before;
  const [ours] = registerProcessor.mock.calls[0] ?? [];
  if (ours === undefined) throw new Error("nothing was registered");
  return [ours, observer];
}

type Told = Parameters<TracingProcessor["onSpanEnd"]>[0];

it.for([
  { starts: "all late, the inner ones first", order: "ends 3 2 1 starts 3 2 1" },
  { starts: "late of what is in it", order: "ends 3 starts 1 2 3 ends 2 1" },
])("tells of what is in a run where the starts come $starts", ({ order }) => {
  const bench = new WorkBench();
  const [ours, observer] = joined(bench);
  const usage = { input_tokens: 30, output_tokens: 4 };
  const spans = [
    { spanId: "3", parentId: "2", error: null, spanData: { type: "response", _response: { usage } } },
    { spanId: "2", parentId: "1", error: null, spanData: { type: "turn" } },
    { spanId: "1", parentId: null, error: null, spanData: { type: "agent", name: "researcher" } },
  ] as unknown as Told[];
  let tell: ((span: Told) => void) | undefined;
  for (const word of order.split(" ")) {
    const span = spans.find(({ spanId }) => spanId === word);
    if (span !== undefined) void tell?.(span);
    else tell = (it) => (word === "ends" ? ours.onSpanEnd(it) : ours.onSpanStart(it));
  }
  observer.stop();
  expect(bench.of("researcher")).toMatchObject({
    completedTasks: 1,
    activeTasks: 0,
    resourceConsumption: usage,
  });
});

it("spans that belong to no agent take no place from those whose start is late", () => {
  const bench = new WorkBench();
  const [ours, observer] = joined(bench);
  const span = (spanId: string, parentId: string | null, spanData: object) =>
    ({ spanId, parentId, error: null, spanData }) as unknown as Told;
  const late = span("late", null, { type: "agent", name: "researcher" });
  void ours.onSpanEnd(late);
  for (let count = 0; count < 1001; count += 1) {
    const outer = span(`outer ${count}`, null, { type: "custom", name: "outer" });
    const inner = span(`inner ${count}`, outer.spanId, { type: "function", name: "inner" });
    for (const one of [outer, inner]) void ours.onSpanStart(one);
    for (const one of [inner, outer]) void ours.onSpanEnd(one);
  }
  void ours.onSpanStart(late);
  observer.stop();
  expect(bench.of("researcher").completedTasks).toBe(1);
});

it("passes spans that can't be read to the application's processors", async () => {
  const info = vi.spyOn(diag, "info");
  const [ours, observer] = joined(new WorkBench());
  const odd = { spanId: "1" } as unknown as Told;
  await ours.onSpanStart(odd);
  await ours.onSpanEnd(odd);
  observer.stop();
  expect(info.mock.calls).toEqual([
    ["otel-forecast: a span of the OpenAI Agents SDK could not be read: TypeError"],
  ]);
  info.mockRestore();
});
