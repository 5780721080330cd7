import type { TokenUsage } from "../../agents/token-usage.ts";
import type { AgentRun } from "../work/agent-run.ts";
import type { Ended } from "../work/work-log.ts";
import { type NamedSpan, type SpanReading, scopeOf, workOf } from "./span-reading.ts";

/** A call that ended before its agent was known. */
export interface HeldCall {
  readonly node: SpanNode;
  readonly work: SpanReading;
  readonly how: Ended;
  /** The framework's agent that had the same call open. */
  readonly reportedBy: string | undefined;
  /** Of the arguments of a tool. */
  readonly digest?: number | undefined;
}

/** Maximum of calls that wait for one span above them, which may turn out to be an agent's. */
const MAX_HELD = 1000;

/**
 * Maximum of ended spans above a span that are kept, and of the names of those that were no work of
 * an agent. Without it, they grow without end if each span starts the next one before it ends.
 */
const MAX_ENDED_ABOVE = 64;

/**
 * This instrumentation creates a span of kind `AGENT` for each trace of the Agents SDK, and one for
 * each agent inside. A trace is no agent: its name is "Agent workflow", or one that the application
 * gives it.
 */
const OF_OPENAI_AGENTS = "@arizeai/openinference-instrumentation-openai-agents";

/** A span that is open, or that has ended while a span below it is open. */
export class SpanNode {
  readonly name: string;
  readonly startedAt: number;
  readonly #scope: string | undefined;
  /** Whether it is a trace around agents. */
  readonly #isTrace: boolean;
  #span: NamedSpan | undefined;
  #endedAs: SpanReading | "no work" | undefined;
  #parent: SpanNode | undefined;
  /**
   * The names of the spans between this one and its parent that were no work of an agent, the
   * nearest first.
   */
  #namesBetween: readonly string[] = [];
  run: AgentRun | undefined;
  /** The tokens that model calls inside this model call reported. */
  innerUsage: TokenUsage | undefined;
  readonly #openModels: (() => void)[] = [];
  /** Reports that a model call has ended. Absent for other spans. */
  closeModel: (() => void) | undefined;
  /**
   * Calls below this span that wait for its end: it may turn out to be an invocation of an agent.
   */
  held: HeldCall[] = [];

  constructor(span: NamedSpan, parent: SpanNode | undefined, startedAt: number) {
    this.#span = span;
    this.name = span.name;
    this.#parent = parent;
    this.startedAt = startedAt;
    this.#scope = scopeOf(span);
    const outerScope = parent === undefined ? undefined : parent.#scope;
    this.#isTrace = this.#scope === OF_OPENAI_AGENTS && outerScope !== OF_OPENAI_AGENTS;
  }

  /** The nearest span above that is open, or was work of an agent. */
  get parent(): SpanNode | undefined {
    let above = this.#parent;
    while (above !== undefined && above.#endedAs === "no work") {
      this.#namesBetween = nearest([...this.#namesBetween, above.name, ...above.#namesBetween]);
      above = above.#parent;
      this.#parent = above;
    }
    return above;
  }

  /**
   * The names of the spans above, the nearest first. For an invocation, the name of its agent too.
   */
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

  /** The work that the span is, by its attributes until now. Final once it has ended. */
  get work(): SpanReading | undefined {
    if (this.#endedAs === "no work") return undefined;
    return this.#endedAs ?? (this.#span === undefined ? undefined : this.workOf(this.#span));
  }

  /** The work that a span is, by its attributes until now. */
  workOf(span: NamedSpan): SpanReading | undefined {
    return this.#isTrace ? undefined : workOf(span);
  }

  /** The nearest span above that has not ended. */
  get openAbove(): SpanNode | undefined {
    let node = this.parent;
    while (node !== undefined && node.#endedAs !== undefined) node = node.parent;
    return node;
  }

  /** The span itself, while it is open. */
  get span(): NamedSpan | undefined {
    return this.#span;
  }

  /** A model call of an agent is over with the agent: the span of a stream that was aborted never ends. */
  modelOpens(close: () => void): void {
    this.closeModel = close;
    const agent = this.agentAbove;
    if (agent !== undefined) agent.#openModels.push(close);
  }

  end(work: SpanReading | undefined): void {
    this.#span = undefined;
    this.closeModel?.();
    for (const close of this.#openModels.splice(0)) close();
    this.#endedAs = work ?? "no work";
    this.#forgetFarAbove();
  }

  /** The nearest invocation of an agent above. */
  get agentAbove(): SpanNode | undefined {
    for (let node = this.parent; node !== undefined; node = node.parent)
      if (node.work?.role === "agent") return node;
    return undefined;
  }

  /**
   * A call of the same kind above this one, without an agent between them: then both are one call.
   */
  outerCall(work: SpanReading): SpanNode | undefined {
    for (let node = this.parent; node !== undefined; node = node.parent) {
      const outer = node.work;
      if (outer?.role === "agent") return undefined;
      if (outer?.role === work.role && outer.toolName === work.toolName) return node;
    }
    return undefined;
  }

  #forgetFarAbove(): void {
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

/**
 * Lets a call wait for the open span above it, which may turn out to be an invocation of an agent.
 * Returns `false` if there is nothing to wait for, or too many calls wait.
 */
export function holdBack(call: HeldCall): boolean {
  const waitsFor = call.work.agentName === undefined ? call.node.openAbove : undefined;
  if (waitsFor === undefined || waitsFor.held.length >= MAX_HELD) return false;
  waitsFor.held.push(call);
  return true;
}
