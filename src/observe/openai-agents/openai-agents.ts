import type { TaskOutcome } from "../../agents/events.ts";
import { errorTypeOf } from "../../core/error-type.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { EarlyEnds } from "./early-ends.ts";
import { Parts } from "./parts.ts";
import { type EndedSpan, endedSpan, isModelCall, type Span, type StartedSpan, startedSpan } from "./span.ts";
import { modelCallEnded, modelHasFailed, partOf, turnEnded } from "./turn.ts";

/** Where the SDK keeps its trace provider: one for all copies of it, ES module or CommonJS. */
const PROVIDER = Symbol.for("openai.agents.core.traceProvider");
/** Where the SDK keeps its context: the span that the running code belongs to. */
const CONTEXT = Symbol.for("openai.agents.core.asyncLocalStorage");
const MAX_SPANS = 10_000;
const HIDDEN_TOOL_ERROR = "tool_error";

interface Processor {
  onTraceStart(): Promise<void>;
  onTraceEnd(): Promise<void>;
  onSpanStart(span: Span): Promise<void>;
  onSpanEnd(span: Span): Promise<void>;
  shutdown(): Promise<void>;
  forceFlush(): Promise<void>;
}

interface Provider {
  registerProcessor(processor: Processor): void;
  setProcessors(processors: Processor[]): void;
}

/**
 * Observes the agents of OpenAI's Agents SDK by its own tracing, beside the processors that the
 * application has or sets later. An agent span is an invocation. A function span inside it is a
 * tool call.
 */
export class OpenAiAgentsObserver {
  readonly #work: FrameworkWork;
  readonly #parts = new Parts();
  readonly #earlyEnds = new EarlyEnds();
  /** Open spans that belong to no agent. Without them, their ends would wait for starts that are known. */
  readonly #outside = new Set<string>();
  readonly #processor: Processor;
  #stopped = false;
  #release = (): void => {};
  #unlocate = (): void => {};

  constructor(work: FrameworkWork) {
    this.#work = work;
    const nothing = async (): Promise<void> => {};
    this.#processor = {
      onTraceStart: nothing,
      onTraceEnd: nothing,
      onSpanStart: async (span) => this.#safely(() => this.#onStart(startedSpan(span))),
      onSpanEnd: async (span) =>
        this.#safely(() => {
          // Not read: its texts may be long.
          if (!this.#outside.delete(span.spanId)) this.#onEnd(endedSpan(span));
        }),
      shutdown: nothing,
      forceFlush: nothing,
    };
  }

  /** Joins the provider that is there, or the one that the SDK sets when it is loaded. */
  start(): void {
    this.#unlocate = this.#work.currentAgents.locateBy(() => this.#parts.agentIn(currentSpanId() ?? ""));
    const holder = globalThis as { [PROVIDER]?: Provider };
    const there = holder[PROVIDER];
    if (there !== undefined) {
      this.#join(there);
      return;
    }
    const before = Object.getOwnPropertyDescriptor(globalThis, PROVIDER);
    if (before !== undefined && !before.configurable) return;
    const join = (provider: Provider): void => this.#join(provider);
    Object.defineProperty(globalThis, PROVIDER, {
      configurable: true,
      get: () => undefined,
      set(provider: Provider) {
        Object.defineProperty(globalThis, PROVIDER, { value: provider, writable: true, configurable: true });
        // Pass it on to others that wait for it.
        before?.set?.call(globalThis, provider);
        join(provider);
      },
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#release();
    this.#unlocate();
    this.#parts.clear();
    this.#outside.clear();
    this.#earlyEnds.clear();
  }

  #join(provider: Provider): void {
    if (this.#stopped) return;
    if (typeof provider?.registerProcessor !== "function" || typeof provider.setProcessors !== "function") {
      this.#work.logOnce("this version of the OpenAI Agents SDK is not known, its agents are not observed");
      return;
    }
    provider.registerProcessor(this.#processor);
    const set = provider.setProcessors;
    // As the first processor, ours is called at once, even if the others wait.
    const withOurs = (processors: Processor[]): void =>
      set.call(provider, this.#stopped ? processors : [this.#processor, ...processors]);
    provider.setProcessors = withOurs;
    this.#release = () => {
      if (provider.setProcessors === withOurs) provider.setProcessors = set;
    };
  }

  #onStart(span: StartedSpan): void {
    if (this.#stopped) return;
    if (!this.#earlyEnds.has(span.spanId)) {
      this.#begin(span);
      return;
    }
    const ended = this.#earlyEnds.take(span.spanId);
    if (ended !== undefined) this.#catchUp(ended);
  }

  #begin(span: StartedSpan): void {
    if (this.#parts.size >= MAX_SPANS) return;
    const { spanId, parentId } = span;
    const outer = this.#parts.get(parentId ?? "");
    if (span.type === "agent") {
      const invocation = this.#work.begin(span.name, () => this.#parts.forget(invocation));
      const lastAnswer = { wasGivenUp: false };
      this.#parts.set(spanId, { invocation, lastAnswer, ...(outer?.turn && { within: outer.turn }) });
    } else if (outer !== undefined) this.#parts.set(spanId, partOf(outer, span));
    else if (this.#isOutside(parentId) && this.#outside.size < MAX_SPANS) this.#outside.add(spanId);
  }

  /** The parent of other spans may be an agent whose start is reported late. */
  #isOutside(parentId: string | null): boolean {
    return parentId === null || this.#outside.has(parentId);
  }

  /**
   * Records a span whose start is reported late, and the spans inside it. Their durations are not
   * known any more. Spans that belong to no reported span still wait.
   */
  #catchUp(ended: EndedSpan): void {
    this.#begin(ended);
    for (const inner of this.#earlyEnds.takeWithin(ended.spanId)) this.#catchUp(inner);
    this.#onEnd(ended);
  }

  #onEnd(ended: EndedSpan): void {
    const part = this.#parts.take(ended.spanId);
    if (part === undefined) {
      if (!this.#stopped && !this.#outside.delete(ended.spanId)) this.#earlyEnds.add(ended);
      return;
    }
    const { type, name = "unknown", outcome, errorType, argumentsDigest } = ended;
    if (type === "agent") {
      if (outcome === "failure") modelHasFailed(part, errorType);
      part.invocation.end(part.lastAnswer.wasGivenUp ? asGivenUp(outcome) : outcome, errorType);
    } else if (type === "turn") turnEnded(part, ended);
    else if (isModelCall(ended)) modelCallEnded(part, ended);
    else {
      part.endTool?.(outcome, errorType ?? HIDDEN_TOOL_ERROR);
      part.invocation.toolCalledWith(name, argumentsDigest);
    }
  }

  /** Errors here must not keep spans from the application's own processors. */
  #safely(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#work.logOnce(`a span of the OpenAI Agents SDK could not be read: ${errorTypeOf(error)}`);
    }
  }
}

function currentSpanId(): string | undefined {
  const { [CONTEXT]: context } = globalThis as unknown as {
    [CONTEXT]?: { getStore(): { active?: boolean; span?: { spanId?: string } } | undefined };
  };
  const store = context?.getStore();
  return store?.active === true ? store.span?.spanId : undefined;
}

/** A run whose stream was given up ends like a success. */
function asGivenUp(outcome: TaskOutcome): TaskOutcome {
  return outcome === "success" ? "cancelled" : outcome;
}
