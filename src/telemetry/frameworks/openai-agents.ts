import type { TaskOutcome } from "../../agents/events.ts";
import type { AgentWork } from "./agent-work.ts";
import type { Invocation } from "./invocation.ts";
import { isModelCall, modelCallEnded, type Part, partOf, turnEnded } from "./openai-agents-turn.ts";
import type { SpanData } from "./openai-agents-usage.ts";

/** Where the SDK keeps its one trace provider: for every copy of it, ES module or CommonJS. */
const PROVIDER = Symbol.for("openai.agents.core.traceProvider");
const MAX_SPANS = 10_000;
/** "RangeError: the message": the class of the error, and nothing of the message. */
const ERROR_CLASS = /^([A-Z]\w{0,60}):/;
const HIDDEN_TOOL_ERROR = "tool_error";

interface Span {
  readonly spanId: string;
  readonly parentId: string | null;
  readonly spanData: SpanData;
  readonly error: { readonly message?: string; readonly data?: { readonly error?: unknown } } | null;
}

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
 * Observes the agents of OpenAI's Agents SDK through its own tracing, beside whatever processors the application has or
 * sets later. An agent span is an invocation; a function span within it is a tool call.
 */
export class OpenAiAgentsObserver {
  readonly #work: AgentWork;
  readonly #parts = new Map<string, Part>();
  readonly #processor: Processor;
  #stopped = false;
  #release = (): void => {};

  constructor(work: AgentWork) {
    this.#work = work;
    const nothing = async (): Promise<void> => {};
    this.#processor = {
      onTraceStart: nothing,
      onTraceEnd: nothing,
      onSpanStart: async (span) => this.#onStart(span),
      onSpanEnd: async (span) => this.#onEnd(span),
      shutdown: nothing,
      forceFlush: nothing,
    };
  }

  /** Joins the provider that is there, or the one that the SDK puts there when it is loaded. */
  start(): void {
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
        // Whoever waited before us is told as well.
        before?.set?.call(globalThis, provider);
        join(provider);
      },
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#release();
    this.#parts.clear();
  }

  #join(provider: Provider): void {
    if (this.#stopped) return;
    if (typeof provider?.registerProcessor !== "function" || typeof provider.setProcessors !== "function") {
      this.#work.sayOnce("this version of the OpenAI Agents SDK is not known, its agents are not observed");
      return;
    }
    provider.registerProcessor(this.#processor);
    const set = provider.setProcessors;
    const withOurs = (processors: Processor[]): void =>
      set.call(provider, this.#stopped ? processors : [...processors, this.#processor]);
    provider.setProcessors = withOurs;
    this.#release = () => {
      if (provider.setProcessors === withOurs) provider.setProcessors = set;
    };
  }

  #onStart({ spanId, parentId, spanData }: Span): void {
    if (this.#stopped || this.#parts.size >= MAX_SPANS) return;
    const outer = this.#parts.get(parentId ?? "");
    if (spanData.type === "agent") {
      const invocation = this.#work.begin(spanData.name, () => this.#forget(invocation));
      this.#parts.set(spanId, { invocation, ...(outer?.turn === undefined ? {} : { within: outer.turn }) });
    } else if (outer !== undefined) this.#parts.set(spanId, partOf(outer, spanData));
  }

  /** Spans of a lost invocation may never end either. */
  #forget(invocation: Invocation): void {
    for (const [spanId, its] of this.#parts) if (its.invocation === invocation) this.#parts.delete(spanId);
  }

  #onEnd({ spanId, spanData, error }: Span): void {
    const part = this.#parts.get(spanId);
    this.#parts.delete(spanId);
    if (part === undefined) return;
    const { outcome, errorType } = outcomeOf(error);
    if (spanData.type === "agent") part.invocation.end(outcome, errorType);
    else if (spanData.type === "turn") turnEnded(part, spanData, outcome);
    else if (isModelCall(spanData)) modelCallEnded(part, spanData);
    else part.endTool?.(outcome, errorType ?? HIDDEN_TOOL_ERROR);
  }
}

function outcomeOf(error: Span["error"]): { outcome: TaskOutcome; errorType?: string } {
  if (error === null || error === undefined) return { outcome: "success" };
  const told = error.data?.error;
  const errorType = typeof told === "string" ? ERROR_CLASS.exec(told)?.[1] : undefined;
  if (errorType === "AbortError") return { outcome: "cancelled" };
  return { outcome: "failure", ...(errorType === undefined ? {} : { errorType }) };
}
