import { type Attributes, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { AlwaysOffSampler, createAlwaysRecordSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import { AgentSpans } from "../../../src/observe/spans/agent-spans.ts";
import { DedupedWorkLog } from "../../../src/observe/spans/deduped-work-log.ts";
import { MINUTE } from "../../run/harness.ts";
import { WorkBench } from "../bench-of-work.ts";

/** What reads the agents of a bench in spans. */
export function agentSpansOf({ harness, log, frameworkReports }: WorkBench): AgentSpans {
  return new AgentSpans({
    log: new DedupedWorkLog(log, frameworkReports),
    skips: harness.pipeline.skips,
    defaultAgent: () => "service",
    lostAfterMillis: 10 * MINUTE,
    now: harness.world.now,
    elapsedMillis: harness.world.elapsedMillis,
  });
}

/** Makes spans that are read and not sampled. */
export function providerOf(spans: AgentSpans): TracerProvider {
  const sampler = createAlwaysRecordSampler(new AlwaysOffSampler());
  return new TracerProvider({ sampler, spanProcessors: [spans] });
}

/** A pipeline whose agents are seen by spans. None of the spans is sampled. */
export class SpanBench extends WorkBench {
  readonly spans = agentSpansOf(this);
  readonly #provider = providerOf(this.spans);

  begin(name: string, attributes: Attributes = {}, parent?: Span): Span {
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);
    return this.#provider.getTracer("test").startSpan(name, { attributes }, context);
  }

  /** The points of a metric, each as its labels and its value. */
  async points(name: string): Promise<object[]> {
    await this.harness.ticks(2);
    const shown = (await this.harness.shown()).get(name) ?? [];
    return shown.map(({ labels, value }) => ({ ...labels, value }));
  }
}

/** Ends a span, with an error if its type is given. */
export function end(span: Span, errorType?: string): void {
  if (errorType !== undefined) {
    span.recordException({ name: errorType, message: "", stack: "" });
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
