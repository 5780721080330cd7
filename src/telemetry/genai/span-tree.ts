import type { AgentRun } from "./agent-run.ts";
import { type NamedSpan, type SpanWork, workOf } from "./span-work.ts";
import type { TokenUsage } from "./token-usage.ts";
import type { Ended } from "./work-log.ts";

/** A call that ended before it was known which agent it is of. */
export interface HeldCall {
  readonly node: SpanNode;
  readonly work: SpanWork;
  readonly how: Ended;
  /** The agent of a framework that had the same call under way. */
  readonly toldBy: string | undefined;
}

/** A span that is open, or that has ended while a span below it has not. */
export class SpanNode {
  readonly parent: SpanNode | undefined;
  readonly name: string;
  readonly startedAt: number;
  #span: NamedSpan | undefined;
  #endedAs: SpanWork | "nobody's" | undefined;
  run: AgentRun | undefined;
  /** Tokens that calls of models within this call of a model told of. */
  innerUsage: TokenUsage | undefined;
  /** Calls below this span that wait for it to end: it may turn out to be the invocation of an agent. */
  held: HeldCall[] = [];

  constructor(span: NamedSpan, parent: SpanNode | undefined, startedAt: number) {
    this.#span = span;
    this.name = span.name;
    this.parent = parent;
    this.startedAt = startedAt;
  }

  /** What the span is, as far as its attributes tell by now; once it has ended, for good. */
  get work(): SpanWork | undefined {
    if (this.#endedAs === "nobody's") return undefined;
    return this.#endedAs ?? (this.#span === undefined ? undefined : workOf(this.#span));
  }

  /** The nearest span above that has not ended. */
  get openAbove(): SpanNode | undefined {
    let node = this.parent;
    while (node !== undefined && node.#endedAs !== undefined) node = node.parent;
    return node;
  }

  /** The span itself, as long as it is open: what ended is not kept. */
  get span(): NamedSpan | undefined {
    return this.#span;
  }

  end(work: SpanWork | undefined): void {
    this.#span = undefined;
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
