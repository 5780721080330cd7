import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { messageOf } from "../../core/text-of.ts";
import type { SkipLog } from "../skip-log.ts";
import { AgentRun, addUsage } from "./agent-run.ts";
import { AgentTasks } from "./agent-tasks.ts";
import type { SpanLog } from "./span-log.ts";
import { outcomeOf, secondsOf } from "./span-outcome.ts";
import { type HeldCall, SpanNode } from "./span-tree.ts";
import type { SpanWork } from "./span-work.ts";
import type { Ended } from "./work-log.ts";

/** So many open spans are followed; of one that is beyond, only what it says of itself is known. */
const MAX_OPEN_SPANS = 20_000;
/** So many calls wait for the span above them to say whether it is an agent's. */
const MAX_HELD = 1000;

export interface AgentSpansOptions {
  readonly log: SpanLog;
  readonly skips: SkipLog;
  /** Whose work it is where a span names no agent. */
  readonly processAgent: () => string;
  /** A span that has not ended after this time is lost. */
  readonly lostAfterMillis: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
}

/**
 * Reads the work of agents from spans, by whatever convention they follow: an invocation of an agent is a task; calls of
 * tools and models within it are attempts, which may fail without it. Spans are read when they end, since attributes may
 * come late; one that says from its start that it is an invocation counts as active meanwhile.
 */
export class AgentSpans implements SpanProcessor {
  readonly #options: AgentSpansOptions;
  readonly #open = new Map<string, SpanNode>();
  readonly #tasks: AgentTasks;
  readonly #lost = new WeakSet<object>();

  constructor(options: AgentSpansOptions) {
    this.#options = options;
    this.#tasks = new AgentTasks(options.log, options.processAgent);
  }

  onStart(span: Span): void {
    this.#safely(() => {
      if (this.#open.size >= MAX_OPEN_SPANS) {
        this.#options.skips.skip("max_open_spans", `span ${span.name}`);
        return;
      }
      const node = this.#nodeFor(span);
      this.#open.set(span.spanContext().spanId, node);
      if (node.work?.role === "agent" && node.work.agentName !== undefined)
        this.#tasks.openTask(node, node.work);
    });
  }

  onEnd(span: ReadableSpan): void {
    this.#safely(() => {
      if (this.#lost.has(span)) return;
      const { spanId } = span.spanContext();
      const node = this.#open.get(spanId) ?? this.#nodeFor(span);
      this.#open.delete(spanId);
      const work = node.workOf(span);
      node.end(work);
      this.#release(node);
      const how = { ...outcomeOf(span), seconds: secondsOf(span.duration), at: this.#options.now() };
      if (work?.role === "agent") this.#agentEnded(node, work, how);
      else if (work !== undefined) {
        const toldBy = this.#options.log.toldBy(work, node.startedAt);
        this.#callEnded({ node, work, how, toldBy });
      }
    });
  }

  /** Gives up the spans that are open for too long: an invocation among them is counted as lost. */
  sweep(): void {
    const { elapsed, lostAfterMillis, log } = this.#options;
    for (const [spanId, node] of this.#open) {
      // In the order of their starts.
      if (elapsed() - node.startedAt < lostAfterMillis) break;
      this.#open.delete(spanId);
      const { work, span } = node;
      if (span !== undefined) this.#lost.add(span);
      if (work?.role === "agent" && this.#tasks.isOwnTask(node, work))
        log.lost(this.#tasks.openTask(node, work));
      node.end(undefined);
      this.#release(node);
    }
  }

  async forceFlush(): Promise<void> {}

  /** Not at an end that somebody else's provider comes to: it is the process that it watches. */
  async shutdown(): Promise<void> {}

  #nodeFor(
    span: Pick<ReadableSpan, "name" | "attributes" | "parentSpanContext" | "instrumentationScope">,
  ): SpanNode {
    const parentId = span.parentSpanContext?.spanId ?? (span as { parentSpanId?: string }).parentSpanId;
    const parent = parentId === undefined ? undefined : this.#open.get(parentId);
    return new SpanNode(span, parent, this.#options.elapsed());
  }

  /** The calls that waited for a span to say what it is, now that it has. */
  #release(node: SpanNode): void {
    const { held } = node;
    node.held = [];
    for (const call of held) this.#callEnded(call);
  }

  #agentEnded(node: SpanNode, work: SpanWork, how: Ended): void {
    const { log } = this.#options;
    if (!this.#tasks.isOwnTask(node, work)) return;
    const end = this.#tasks.openTask(node, work);
    const agentName = this.#tasks.nameOfTask(node);
    const run = this.#runOf(node, agentName);
    run.finish(how.outcome);
    if (work.usage !== undefined && !run.hasCountedTokens)
      log.tokensUsed(agentName, work.usage, { ...work, operation: work.taskType });
    const { toolCalls, inferenceCalls } = run;
    log.agentEnded(end, agentName, { operation: work.taskType, toolCalls, inferenceCalls }, how);
  }

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: each step decides with what the steps before it found.
  #callEnded(call: HeldCall): void {
    const { node, work, how, toldBy } = call;
    const outer = node.outerCall(work);
    if (outer !== undefined) {
      outer.innerUsage = addUsage(outer.innerUsage, work.usage ?? node.innerUsage);
      return;
    }
    const owner = this.#tasks.ownerOf(node);
    const waitsFor = owner === undefined && work.agentName === undefined ? node.openAbove : undefined;
    if (waitsFor !== undefined && waitsFor.held.length < MAX_HELD) {
      waitsFor.held.push(call);
      return;
    }
    const usage = work.usage ?? node.innerUsage;
    const isNobodys = owner === undefined && this.#tasks.isNobodys(node, work);
    const log = isNobodys && toldBy === undefined ? this.#options.log.ofNobody : this.#options.log;
    if (toldBy !== undefined && owner === undefined && work.agentName === undefined) {
      if (usage !== undefined) log.tokensUsed(toldBy, usage, { ...work, operation: work.taskType });
      return;
    }
    const agentName = owner === undefined ? this.#tasks.nameOf(node, work) : this.#tasks.nameOfTask(owner);
    const run = owner === undefined ? undefined : this.#runOf(owner, agentName);
    if (usage !== undefined && work.role === "model") {
      log.tokensUsed(agentName, usage, { ...work, operation: work.taskType });
      if (run !== undefined) run.hasCountedTokens = true;
    }
    if (run !== undefined && work.role === "tool") run.toolCalls += 1;
    if (run !== undefined && work.role === "model" && work.taskType !== "embeddings") run.inferenceCalls += 1;
    if (work.toolName !== undefined) log.toolEnded(agentName, work.toolName, how);
    log.stepEnded(agentName, work.taskType, how);
    if (how.outcome === "success") run?.goesOn();
    else if (how.outcome === "failure" && run !== undefined) run.stepFailed(work.taskType, how.errorType);
    else if (how.outcome === "failure") log.failedAttempt(agentName, work.taskType, how.errorType);
  }

  #runOf(node: SpanNode, agentName: string): AgentRun {
    node.run ??= new AgentRun(({ taskType, errorType }) =>
      this.#options.log.failedAttempt(agentName, taskType, errorType),
    );
    return node.run;
  }

  /** A span of any making, of any SDK: what is odd about it is no error of the host's. */
  #safely(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#options.skips.skip("unreadable", `span: ${messageOf(error)}`);
    }
  }
}
