import type { TokenUsage } from "../../agents/token-usage.ts";
import type { AgentRun } from "../work/agent-run.ts";
import type { Ended } from "../work/work-log.ts";
import { type NamedSpan, type SpanReading, workOf } from "./span-reading.ts";

/** A call that ended before it was known which agent it is of. */
export interface HeldCall {
  readonly node: SpanNode;
  readonly work: SpanReading;
  readonly how: Ended;
  /** The agent of a framework that had the same call under way. */
  readonly reportedBy: string | undefined;
}

/**
 * Of the spans above one that have ended, the nearest are known, and as many names of those that were nobody's work: where
 * each span starts the next before it ends, they would become ever more.
 */
const MAX_ENDED_ABOVE = 64;

/**
 * Makes a span of kind `AGENT` for each trace of the Agents SDK, and one for each agent within. A trace is no agent: it is
 * called "Agent workflow", or as the application calls it.
 */
const OF_OPENAI_AGENTS = "@arizeai/openinference-instrumentation-openai-agents";

/** A span that is open, or that has ended while a span below it has not. */
export class SpanNode {
  readonly name: string;
  readonly startedAt: number;
  readonly #scope: string | undefined;
  /** Whether it is a trace around agents. */
  readonly #isTrace: boolean;
  #span: NamedSpan | undefined;
  #endedAs: SpanReading | "nobody's" | undefined;
  #parent: SpanNode | undefined;
  /** Of the spans between this one and its parent that were nobody's work, the nearest first. */
  #namesBetween: readonly string[] = [];
  run: AgentRun | undefined;
  /** Tokens that calls of models within this call of a model told of. */
  innerUsage: TokenUsage | undefined;
  /** Calls below this span that wait for it to end: it may turn out to be the invocation of an agent. */
  held: HeldCall[] = [];

  constructor(span: NamedSpan, parent: SpanNode | undefined, startedAt: number) {
    this.#span = span;
    this.name = span.name;
    this.#parent = parent;
    this.startedAt = startedAt;
    this.#scope = (span.instrumentationScope ?? span.instrumentationLibrary)?.name;
    const outerScope = parent === undefined ? undefined : parent.#scope;
    this.#isTrace = this.#scope === OF_OPENAI_AGENTS && outerScope !== OF_OPENAI_AGENTS;
  }

  /** The nearest span above that is open or did work of an agent. */
  get parent(): SpanNode | undefined {
    let above = this.#parent;
    while (above !== undefined && above.#endedAs === "nobody's") {
      this.#namesBetween = nearest([...this.#namesBetween, above.name, ...above.#namesBetween]);
      above = above.#parent;
      this.#parent = above;
    }
    return above;
  }

  /** What the spans above are called, the nearest first; an invocation also by the name of its agent. */
  *namesAbove(): Generator<string> {
    for (let node: SpanNode = this; ; ) {
      const { parent } = node;
      yield* node.#namesBetween;
      if (parent === undefined) return;
      yield parent.name;
      const agentName = parent.work?.agentName;
      if (agentName !== undefined) yield agentName;
      node = parent;
    }
  }

  /** What the span is, as far as its attributes tell by now; once it has ended, for good. */
  get work(): SpanReading | undefined {
    if (this.#endedAs === "nobody's") return undefined;
    return this.#endedAs ?? (this.#span === undefined ? undefined : this.workOf(this.#span));
  }

  /** What its span says of it by now. */
  workOf(span: NamedSpan): SpanReading | undefined {
    return this.#isTrace ? undefined : workOf(span);
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

  end(work: SpanReading | undefined): void {
    this.#span = undefined;
    this.#endedAs = work ?? "nobody's";
    this.#forgetWhatEndedFarAbove();
  }

  /** The nearest span above that does this kind of work. */
  above(role: SpanReading["role"]): SpanNode | undefined {
    for (let node = this.parent; node !== undefined; node = node.parent)
      if (node.work?.role === role) return node;
    return undefined;
  }

  /** Whether a call of the same kind is above this one, with no agent between them: then both are one call. */
  outerCall(work: SpanReading): SpanNode | undefined {
    for (let node = this.parent; node !== undefined; node = node.parent) {
      const outer = node.work;
      if (outer?.role === "agent") return undefined;
      if (outer?.role === work.role && outer.toolName === work.toolName) return node;
    }
    return undefined;
  }

  #forgetWhatEndedFarAbove(): void {
    let last: SpanNode = this;
    for (let kept = 0; kept < MAX_ENDED_ABOVE; kept += 1) {
      const { parent } = last;
      if (parent === undefined || parent.#endedAs === undefined) return;
      last = parent;
    }
    last.#parent = last.openAbove;
  }
}

function nearest(names: readonly string[]): readonly string[] {
  return [...new Set(names)].slice(0, MAX_ENDED_ABOVE);
}
