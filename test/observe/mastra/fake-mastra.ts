import type { MastraSpan, TracingEvent } from "../../../src/observe/mastra/span.ts";
import { MODEL, type Script, searchOf, TOKENS, Turns } from "../contract/script.ts";

export interface Exporter {
  exportTracingEvent(event: TracingEvent): Promise<void>;
}

/** An open span: its fields, and how code runs in its context. */
class Span {
  readonly id!: string;

  constructor(fields: MastraSpan) {
    Object.assign(this, fields);
  }

  async executeInContext<Result>(work: () => Promise<Result>): Promise<Result> {
    return work();
  }
}

/** What `@mastra/observability` 1.17 does with its exporters; `test/apps` has the real one. */
export class Observability {
  readonly exporters: Exporter[] = [];

  startSpan(span: MastraSpan): MastraSpan & Span {
    for (const exporter of this.exporters)
      void exporter.exportTracingEvent({ type: "span_started", exportedSpan: span });
    return new Span(span) as MastraSpan & Span;
  }

  endSpan(span: MastraSpan): void {
    for (const exporter of this.exporters)
      void exporter.exportTracingEvent({ type: "span_ended", exportedSpan: span });
  }

  registerExporter(exporter: Exporter): void {
    this.exporters.push(exporter);
  }
}

const usage = { inputTokens: TOKENS.input, outputTokens: TOKENS.output };

let begun = 0;

/** An agent with the spans of Mastra, which runs a tool before the answer that asks for it has ended. */
export class FakeMastraAgent {
  readonly #observability: Observability;

  constructor(observability: Observability) {
    this.#observability = observability;
  }

  async generate(script: Script): Promise<void> {
    const run = this.#start("agent_run", undefined, { entityName: script.agent });
    try {
      await run.executeInContext(() => this.#turns(script, run.id));
      this.#observability.endSpan(run);
    } catch (error) {
      this.#observability.endSpan({ ...run, errorInfo: { name: (error as Error).name } });
      throw error;
    }
  }

  async #turns(script: Script, runId: string): Promise<void> {
    const turns = new Turns(script);
    const search = searchOf(script);
    const attributes = { model: MODEL, provider: "fake" };
    const generation = this.#start("model_generation", runId);
    for (;;) {
      const step = this.#start("model_step", generation.id);
      const inference = this.#start("model_inference", step.id, { attributes });
      const finish = (finishReason?: string): void =>
        this.#observability.endSpan({
          ...inference,
          attributes: { ...attributes, ...(finishReason && { finishReason, usage }) },
        });
      if (script.signal?.aborted === true) {
        finish();
        return;
      }
      const turn = await turns.next().catch((error: unknown) => {
        finish("error");
        throw error;
      });
      if (turn === "call") await this.#call(search, step.id, turns.input);
      finish(turn === "call" ? "tool-calls" : "stop");
      if (turn === "answer") return;
    }
  }

  async #call(search: () => Promise<unknown>, stepId: string, input: unknown): Promise<void> {
    const call = this.#start("tool_call", stepId, { entityName: "search", input });
    try {
      await call.executeInContext(search);
      this.#observability.endSpan({ ...call, attributes: { success: true } });
    } catch (error) {
      this.#observability.endSpan({ ...call, errorInfo: { name: (error as Error).name } });
    }
  }

  #start(type: string, parentSpanId?: string, more: Partial<MastraSpan> = {}): MastraSpan & Span {
    begun += 1;
    const id = `span-${begun}`;
    return this.#observability.startSpan({ id, type, ...(parentSpanId && { parentSpanId }), ...more });
  }
}
