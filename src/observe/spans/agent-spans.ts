import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { kindOfError } from "../../core/error-type.ts";
import { kindOf } from "../../core/text-of.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { EMBEDDINGS } from "../../otel/semconv.ts";
import { AgentRun, addUsage } from "../work/agent-run.ts";
import { secondsOf } from "../work/span-outcome.ts";
import type { Ended } from "../work/work-log.ts";
import { endingOfRun } from "./ai-sdk-endings.ts";
import { type DedupedWorkLog, modelCallOf, recordCall, stepsOf, usageOf } from "./deduped-work-log.ts";
import { EndedSpans } from "./ended-spans.ts";
import { endingOf } from "./span-ending.ts";
import type { SpanReading } from "./span-reading.ts";
import { SpanTasks } from "./span-tasks.ts";
import { type HeldCall, holdBack, SpanNode } from "./span-tree.ts";
import { argumentsDigestOf } from "./tool-arguments.ts";

/** Maximum of open spans that are followed. A span beyond it is read alone, without its parents. */
const MAX_OPEN_SPANS = 20_000;

/** What the work in spans is recorded with. */
export interface AgentSpansOptions {
  readonly log: DedupedWorkLog;
  readonly skips: SkipLog;
  /** The agent of spans that name no agent. */
  readonly defaultAgent: () => string;
  /** A span that has not ended after this time is lost. */
  readonly lostAfterMillis: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds of a monotonic clock. */
  readonly elapsedMillis: () => number;
}

/**
 * Recognises the work of agents in spans of several conventions. An invocation of an agent is a
 * task. Calls of tools and models inside it are attempts, which may fail while the invocation
 * succeeds. Spans are read when they end, since attributes may be set late. An invocation that is
 * recognised at its start counts as active until its end.
 */
export class AgentSpans implements SpanProcessor {
  readonly #options: AgentSpansOptions;
  readonly #open = new Map<string, SpanNode>();
  readonly #ended = new EndedSpans();
  readonly #tasks: SpanTasks;
  readonly #lost = new WeakSet<object>();

  constructor(options: AgentSpansOptions) {
    this.#options = options;
    this.#tasks = new SpanTasks(options.log, options.defaultAgent);
  }

  onStart(span: Span): void {
    this.#safely(() => {
      if (this.#open.size >= MAX_OPEN_SPANS) {
        this.#options.skips.skip("max_open_spans", `span (name: ${kindOf(span.name)})`);
        return;
      }
      const node = this.#nodeFor(span);
      this.#open.set(span.spanContext().spanId, node);
      if (node.work?.role === "agent" && node.work.agentName !== undefined)
        this.#tasks.openTask(node, node.work);
      if (node.work?.role === "model") node.modelOpens(this.#options.log.spanAsks(node.work));
    });
  }

  onEnd(span: ReadableSpan): void {
    this.#safely(() => {
      if (this.#lost.has(span)) return;
      const { spanId } = span.spanContext();
      const node = this.#open.get(spanId) ?? this.#nodeFor(span);
      this.#open.delete(spanId);
      const work = node.workOf(span);
      if (work?.role === "model") node.closeModel ??= this.#options.log.spanAsks(work);
      node.end(work);
      this.#ended.add(spanId, node);
      this.#release(node);
      const how = {
        ...(work?.ending ?? endingOf(span)),
        seconds: secondsOf(span.duration),
        at: this.#options.now(),
      };
      if (work?.role === "agent") this.#agentEnded(node, work, how);
      else if (work !== undefined) {
        const reportedBy = this.#options.log.reportedBy(work, node.startedAt);
        const digest = work.role === "tool" ? argumentsDigestOf(span) : undefined;
        this.#callEnded({ node, work, how, reportedBy, digest });
      }
    });
  }

  /** Removes spans that are open for too long. Invocations among them are counted as lost. */
  sweep(): void {
    const { elapsedMillis, lostAfterMillis, log } = this.#options;
    for (const [spanId, node] of this.#open) {
      // The spans are in the order of their starts.
      if (elapsedMillis() - node.startedAt < lostAfterMillis) break;
      this.#open.delete(spanId);
      const { work, span } = node;
      if (span !== undefined) this.#lost.add(span);
      if (work?.role === "agent" && this.#tasks.isOwnTask(node, work))
        log.lost(this.#tasks.openTask(node, work));
      node.run?.finish("lost");
      node.end(undefined);
      this.#release(node);
    }
  }

  async forceFlush(): Promise<void> {}

  /** Does nothing: another provider of the process may go on after this one is shut down. */
  async shutdown(): Promise<void> {}

  #nodeFor(
    span: Pick<ReadableSpan, "name" | "attributes" | "parentSpanContext" | "instrumentationScope">,
  ): SpanNode {
    const parentId = span.parentSpanContext?.spanId ?? (span as { parentSpanId?: string }).parentSpanId;
    const around =
      parentId === undefined ? undefined : (this.#open.get(parentId) ?? this.#ended.openAround(parentId));
    return new SpanNode(span, around, this.#options.elapsedMillis());
  }

  /** Records the calls that waited until it is known what a span is. */
  #release(node: SpanNode): void {
    const { held } = node;
    node.held = [];
    for (const call of held) this.#callEnded(call);
  }

  #agentEnded(node: SpanNode, work: SpanReading, shown: Ended): void {
    const { log } = this.#options;
    if (!this.#tasks.isOwnTask(node, work)) return;
    const end = this.#tasks.openTask(node, work);
    const agentName = this.#tasks.nameOfTask(node);
    const run = this.#runOf(node, agentName);
    const how = endingOfRun(shown, work, run.last);
    run.finish(how.outcome);
    if (work.usage !== undefined && !run.hasCountedTokens)
      log.tokensUsed(agentName, work.usage, modelCallOf(work));
    const { toolCalls, inferenceCalls } = run;
    log.agentEnded(end, agentName, { operation: work.taskType, toolCalls, inferenceCalls }, how);
  }

  #callEnded(call: HeldCall): void {
    const { node, work } = call;
    const outer = node.outerCall(work);
    if (outer !== undefined) {
      outer.innerUsage = addUsage(outer.innerUsage, usageOf(call));
      return;
    }
    const owner = this.#tasks.ownerOf(node);
    if (owner !== undefined) this.#ownedCallEnded(call, owner);
    else if (!holdBack(call)) this.#unownedCallEnded(call);
  }

  #ownedCallEnded(call: HeldCall, owner: SpanNode): void {
    const { work, digest } = call;
    const agentName = this.#tasks.nameOfTask(owner);
    const run = this.#runOf(owner, agentName);
    recordCall(this.#options.log, agentName, call);
    if (work.role === "model" && usageOf(call) !== undefined) run.hasCountedTokens = true;
    if (work.role === "model" && work.taskType !== EMBEDDINGS) run.inferenceCalls += 1;
    if (work.role === "tool") run.toolCalls += 1;
    if (work.toolName !== undefined && digest !== undefined)
      this.#options.log.toolCalled(agentName, work.toolName, run.isRepetition(work.toolName, digest));
    for (const step of stepsOf(call)) run.ended(step);
  }

  /** A call of no invocation. If a framework reports the same call, only its tokens are needed. */
  #unownedCallEnded(call: HeldCall): void {
    const { node, work, reportedBy } = call;
    const deduped = this.#options.log;
    if (reportedBy !== undefined && work.agentName === undefined) {
      const usage = usageOf(call);
      if (usage !== undefined) deduped.tokensUsed(reportedBy, usage, modelCallOf(work));
      return;
    }
    const isUnreported = reportedBy === undefined && this.#tasks.isUnowned(node, work);
    const log = isUnreported ? deduped.undeduped : deduped;
    const agentName = this.#tasks.nameOf(node, work);
    recordCall(log, agentName, call);
    for (const step of stepsOf(call)) log.attempted(agentName, step);
  }

  #runOf(node: SpanNode, agentName: string): AgentRun {
    node.run ??= new AgentRun((step) => this.#options.log.attempted(agentName, step));
    return node.run;
  }

  /** Spans come from any SDK: an invalid one must not cause an error in the application. */
  #safely(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#options.skips.skipThrown("unreadable", `span: ${kindOfError(error)}`, error);
    }
  }
}
