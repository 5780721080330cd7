import type { EndTask } from "../../measure/instruments/agent-recorder.ts";
import type { DedupedWorkLog } from "./deduped-work-log.ts";
import type { SpanReading } from "./span-reading.ts";
import type { SpanNode } from "./span-tree.ts";

/** Which spans are tasks of agents, of which agent, and what is part of which. */
export class SpanTasks {
  readonly #log: DedupedWorkLog;
  readonly #defaultAgent: () => string;
  readonly #tasks = new WeakMap<SpanNode, { readonly agentName: string; readonly end: EndTask }>();

  /** @param defaultAgent whose work it is where a span names no agent. */
  constructor(log: DedupedWorkLog, defaultAgent: () => string) {
    this.#log = log;
    this.#defaultAgent = defaultAgent;
  }

  /** The invocation that a span is part of; where two are nested that bear one name, they are one: the outer. */
  ownerOf(node: SpanNode): SpanNode | undefined {
    let owner = node.above("agent");
    for (let outer = owner?.above("agent"); outer !== undefined; outer = outer.above("agent"))
      if (owner !== undefined && this.nameOfTask(outer) === this.nameOfTask(owner)) owner = outer;
      else break;
    return owner;
  }

  /** Whether an invocation is a task of its own; within one of the same agent it is that one. */
  isOwnTask(node: SpanNode, work: SpanReading): boolean {
    if (this.#tasks.has(node)) return true;
    const outer = node.above("agent");
    return outer === undefined || this.nameOfTask(outer) !== this.nameOf(node, work);
  }

  /** Opens the task of an invocation, unless it is open. */
  openTask(node: SpanNode, work: SpanReading): EndTask {
    const opened = this.#tasks.get(node);
    if (opened !== undefined) return opened.end;
    if (!this.isOwnTask(node, work)) return () => {};
    const agentName = this.nameOf(node, work);
    const end = this.#log.openTask(agentName, work.taskType);
    this.#tasks.set(node, { agentName, end });
    return end;
  }

  /** The agent of an invocation. */
  nameOfTask(node: SpanNode): string {
    return this.#tasks.get(node)?.agentName ?? this.nameOf(node, node.work);
  }

  /** The agent of a span. A name that nobody has given goes behind that of an agent that a framework tells of, and runs above. */
  nameOf(node: SpanNode, work: SpanReading | undefined): string {
    const given = work?.agentName;
    const told = given === undefined || work?.isNameGuessed ? this.#reportedAbove(node) : undefined;
    return this.#log.agentName(told ?? given ?? this.#defaultAgent());
  }

  /** Whether a call is of no agent but the process, which may be the agent of a framework besides. */
  isUnowned(node: SpanNode, work: SpanReading): boolean {
    return work.agentName === undefined && this.#reportedAbove(node) === undefined;
  }

  #reportedAbove(node: SpanNode): string | undefined {
    for (const name of node.namesAbove()) {
      const told = this.#log.invocationOf(name);
      if (told !== undefined) return told;
    }
    return undefined;
  }
}
