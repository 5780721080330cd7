import type { EndTask } from "../../measure/instruments/agent-recorder.ts";
import type { DedupedWorkLog } from "./deduped-work-log.ts";
import type { SpanReading } from "./span-reading.ts";
import type { SpanNode } from "./span-tree.ts";

/** Knows which spans are tasks, and to which agents and invocations spans belong. */
export class SpanTasks {
  readonly #log: DedupedWorkLog;
  readonly #defaultAgent: () => string;
  readonly #tasks = new WeakMap<SpanNode, { readonly agentName: string; readonly end: EndTask }>();

  /** @param defaultAgent the agent of spans that name no agent. */
  constructor(log: DedupedWorkLog, defaultAgent: () => string) {
    this.#log = log;
    this.#defaultAgent = defaultAgent;
  }

  /**
   * The invocation that a span is part of. Nested invocations of the same name are one: the outer.
   */
  ownerOf(node: SpanNode): SpanNode | undefined {
    let owner = node.agentAbove;
    for (let outer = owner?.agentAbove; outer !== undefined; outer = outer.agentAbove)
      if (owner !== undefined && this.nameOfTask(outer) === this.nameOfTask(owner)) owner = outer;
      else break;
    return owner;
  }

  /**
   * Whether an invocation is a task of its own. Inside another invocation of the same agent it is
   * not.
   */
  isOwnTask(node: SpanNode, work: SpanReading): boolean {
    if (this.#tasks.has(node)) return true;
    const outer = node.agentAbove;
    return outer === undefined || this.nameOfTask(outer) !== this.nameOf(node, work);
  }

  /** Opens the task of an invocation. An open task is returned as it is. */
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

  /**
   * The agent of a span. The name of an agent that a framework reports above the span goes before a
   * guessed name.
   */
  nameOf(node: SpanNode, work: SpanReading | undefined): string {
    const whole = work?.isPart ? node.agentAbove : undefined;
    if (whole !== undefined) return this.nameOfTask(whole);
    const given = work?.agentName;
    const reported = given === undefined || work?.isNameGuessed ? this.#reportedAbove(node) : undefined;
    return this.#log.agentName(reported ?? given ?? this.#defaultAgent());
  }

  /**
   * Whether a call belongs to no agent except the process, which may also be an agent of a
   * framework.
   */
  isUnowned(node: SpanNode, work: SpanReading): boolean {
    return work.agentName === undefined && this.#reportedAbove(node) === undefined;
  }

  #reportedAbove(node: SpanNode): string | undefined {
    for (const name of node.namesAbove()) {
      const reported = this.#log.invocationOf(name);
      if (reported !== undefined) return reported;
    }
    return undefined;
  }
}
