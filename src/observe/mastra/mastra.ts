import { errorTypeOf } from "../../core/error-type.ts";
import { type AgentAtWork, inTool } from "../work/current-agent.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { CloseCall, EndCall, Invocation } from "../work/invocation.ts";
import { type AwaitedClass, awaitClass } from "../work/loaded-class.ts";
import { digestOf } from "../work/repeated-calls.ts";
import { replaceMethod } from "../work/replaced-method.ts";
import { type Agent, modelBegins, modelEnded } from "./agent.ts";
import { SpanContexts } from "./contexts.ts";
import {
  asksPerson,
  endingOf,
  type MastraSpan,
  modelOf,
  nameOf,
  roleOf,
  type TracingEvent,
  usageOf,
} from "./span.ts";

const MAX_SPANS = 10_000;

/** The class of Mastra's observability. It passes each span to its exporters. */
export const OBSERVABILITY: AwaitedClass = {
  key: "otel-forecast.mastra",
  className: "BaseObservabilityInstance",
  isDefinedAt: (url) => /\/@mastra\/observability\/dist\/[^/]+\.c?js$/.test(url),
  isDefinedIn: (source) => /^(var|let|const) BaseObservabilityInstance = class\b/m.test(source),
};

interface Exporter {
  readonly name: string;
  exportTracingEvent(event: TracingEvent): Promise<void>;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

type StartSpan = (this: Instance, ...args: unknown[]) => unknown;

interface Instance {
  registerExporter?(exporter: Exporter): void;
}

/** The methods of Mastra's `BaseObservabilityInstance` that are used. */
export interface ObservabilityClass {
  readonly prototype: Instance & { startSpan?: StartSpan };
}

/** An open span, and the agent that it belongs to. */
interface Part {
  readonly agent: Agent;
  readonly isAgent: boolean;
  readonly endTool?: EndCall;
  readonly closeModel?: CloseCall;
  /** The agent that code in the context of the span works for. */
  readonly atWork: AgentAtWork;
}

/**
 * Observes the agents of Mastra by another exporter of its observability, if the application has
 * configured that. Runs that are not sampled are not seen.
 */
export class MastraObserver {
  readonly #work: FrameworkWork;
  readonly #parts = new Map<string, Part>();
  readonly #exporter: Exporter;
  readonly #contexts = new SpanContexts((spanId) => this.#parts.get(spanId)?.atWork);
  readonly #joined = new WeakSet<Instance>();
  readonly #undo: (() => void)[] = [];
  #isStopped = false;

  constructor(work: FrameworkWork) {
    this.#work = work;
    const nothing = async (): Promise<void> => {};
    this.#exporter = {
      name: "otel-forecast",
      exportTracingEvent: async (event) => this.#safely(() => this.#onEvent(event)),
      flush: nothing,
      shutdown: nothing,
    };
  }

  start(): void {
    this.#undo.push(awaitClass<ObservabilityClass>(OBSERVABILITY, (made) => this.join(made)));
  }

  stop(): void {
    this.#isStopped = true;
    for (const undo of this.#undo.splice(0)) undo();
    this.#contexts.leave();
    this.#parts.clear();
  }

  /** Adds our exporter to each instance of this class when it creates its first span. */
  join({ prototype }: ObservabilityClass): void {
    const { startSpan, registerExporter } = prototype;
    if (typeof startSpan !== "function" || typeof registerExporter !== "function") {
      this.#work.logOnce("this version of @mastra/observability is not known, its agents are not observed");
      return;
    }
    const observer = this;
    const withOurs: StartSpan = function (...args) {
      observer.#joinInstance(this);
      const span = startSpan.apply(this, args);
      observer.#safely(() => observer.#contexts.join(span));
      return span;
    };
    this.#undo.push(replaceMethod(prototype, "startSpan", () => withOurs));
  }

  #joinInstance(instance: Instance): void {
    if (this.#isStopped || this.#joined.has(instance)) return;
    this.#joined.add(instance);
    this.#safely(() => instance.registerExporter?.(this.#exporter));
  }

  #onEvent({ type, exportedSpan: span }: TracingEvent): void {
    if (this.#isStopped || span === undefined) return;
    if (type === "span_started") this.#begin(span);
    else if (type === "span_ended") this.#end(span);
  }

  #begin(span: MastraSpan): void {
    if (this.#parts.size >= MAX_SPANS) {
      this.#work.skipSpan(nameOf(span) ?? span.type);
      return;
    }
    const role = roleOf(span);
    const agent = this.#parts.get(span.parentSpanId ?? "")?.agent;
    if (role === "agent") this.#beginRun(span);
    else if (agent !== undefined) {
      const { invocation } = agent;
      if (role === "model") modelBegins(agent);
      this.#parts.set(span.id, {
        agent,
        isAgent: false,
        atWork: role === "tool" ? inTool(invocation.atWork) : invocation.atWork,
        ...(role === "tool"
          ? { endTool: invocation.toolStarts(nameOf(span) ?? "unknown", digestOf(span.input)) }
          : {}),
        ...(role === "model" ? { closeModel: invocation.modelStarts(modelOf(span).model) } : {}),
      });
    }
  }

  #beginRun(span: MastraSpan): void {
    const invocation = this.#work.begin(nameOf(span), () => this.#forget(invocation));
    const agent = { invocation, reportsCalls: false, clientCalls: 0, wasGivenUp: false };
    this.#parts.set(span.id, { agent, isAgent: true, atWork: invocation.atWork });
  }

  #end(span: MastraSpan): void {
    const part = this.#parts.get(span.id);
    this.#parts.delete(span.id);
    const role = roleOf(span);
    const around = part ?? this.#parts.get(span.parentSpanId ?? "");
    if (role === "client tool" && around !== undefined) around.agent.clientCalls += 1;
    if (part === undefined) return;
    const { agent, isAgent, endTool, closeModel } = part;
    if (closeModel !== undefined) {
      closeModel();
      modelEnded(agent, span);
    }
    // If the calls are not exported, the generation has their tokens together.
    if (role === "answer" && !agent.reportsCalls)
      agent.invocation.modelAnswered(usageOf(span), modelOf(span));
    if (endTool === undefined && !isAgent) return;
    const { outcome, errorType } = endingOf(span);
    if (!isAgent) endTool?.(asksPerson(span) ? "withdrawn" : outcome, errorType);
    else {
      const wasGivenUp = agent.wasGivenUp && !asksPerson(span);
      agent.invocation.end(outcome === "success" && wasGivenUp ? "cancelled" : outcome, errorType);
    }
  }

  /** Spans of an invocation that has ended may never end. */
  #forget(invocation: Invocation): void {
    for (const [id, { agent }] of this.#parts) if (agent.invocation === invocation) this.#parts.delete(id);
  }

  /** Errors here must not keep spans from the application's own exporters. */
  #safely(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#work.logOnce(`a span of Mastra could not be read: ${errorTypeOf(error)}`);
    }
  }
}
