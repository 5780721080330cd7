import type { AgentRun } from "./agent-run.ts";
import { type NamedSpan, type SpanWork, type TokenUsage, workOf } from "./span-work.ts";

/** A span that is open, or that has ended while a span below it has not. */
export class SpanNode {
  readonly parent: SpanNode | undefined;
  readonly startedAt: number;
  readonly #span: NamedSpan;
  #endedAs: SpanWork | "nobody's" | undefined;
  run: AgentRun | undefined;
  /** Tokens that calls of models within this call of a model told of. */
  innerUsage: TokenUsage | undefined;

  constructor(span: NamedSpan, parent: SpanNode | undefined, startedAt: number) {
    this.#span = span;
    this.parent = parent;
    this.startedAt = startedAt;
  }

  /** What the span is, as far as its attributes tell by now; once it has ended, for good. */
  get work(): SpanWork | undefined {
    if (this.#endedAs === "nobody's") return undefined;
    return this.#endedAs ?? workOf(this.#span);
  }

  end(work: SpanWork | undefined): void {
    this.#endedAs = work ?? "nobody's";
  }

  /** The nearest span above that does this kind of work. */
  above(role: SpanWork["role"]): SpanNode | undefined {
    for (let node = this.parent; node !== undefined; node = node.parent)
      if (node.work?.role === role) return node;
    return undefined;
  }

  /** Whether a call of the same kind is above this one, with no agent between them: then both are one call. */
  outerCall(work: SpanWork): SpanNode | undefined {
    for (let node = this.parent; node !== undefined; node = node.parent) {
      const outer = node.work;
      if (outer?.role === "agent") return undefined;
      if (outer?.role === work.role && outer.toolName === work.toolName) return node;
    }
    return undefined;
  }
}
