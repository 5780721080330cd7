import { EMBEDDINGS } from "../../otel/semconv.ts";
import { RememberedCalls } from "./remembered-calls.ts";
import { isSameModel } from "./same-model.ts";

/** Maximum of span names that stand for an agent. A framework has a few. */
const MAX_SPAN_NAMES = 1000;

interface OpenToolCall {
  readonly agentName: string;
  readonly toolName: string;
}

interface OpenModelCall {
  readonly agentName: string;
  readonly model: string | undefined;
}

/** A call of a model that a span may report, with its operation. */
interface CallInSpan {
  readonly model?: string | undefined;
  readonly operation: string;
}

interface OpenSpan {
  readonly model: string | undefined;
  readonly isOfEmbeddings: boolean;
}

/**
 * What frameworks report of their agents. The same work may also be seen in spans, where it must
 * not be counted again. A span does not name the call of a framework that it belongs to, so they
 * are matched by name and time.
 */
export class FrameworkReports {
  readonly #agents = new Set<string>();
  readonly #invocations = new Map<string, string>();
  /** Whether the model calls of an agent report their tokens. */
  readonly #reportsTokens = new Map<string, boolean>();
  readonly #tools: RememberedCalls<OpenToolCall>;
  readonly #models: RememberedCalls<OpenModelCall>;
  readonly #embeddings: RememberedCalls<{ readonly model: string | undefined }>;
  /** Model calls that spans report. */
  readonly #spans: RememberedCalls<OpenSpan>;

  /** @param elapsedMillis milliseconds of a monotonic clock. */
  constructor(elapsedMillis: () => number) {
    this.#tools = new RememberedCalls(
      elapsedMillis,
      ({ agentName, toolName }) => `${agentName}\n${toolName}`,
      (one, other) => one.toolName === other.toolName && one.agentName === other.agentName,
    );
    this.#models = new RememberedCalls(
      elapsedMillis,
      ({ agentName, model }) => `${agentName}\n${model ?? ""}`,
      (one, other) => one.model === other.model && one.agentName === other.agentName,
    );
    this.#embeddings = new RememberedCalls(
      elapsedMillis,
      ({ model }) => model ?? "",
      (one, other) => one.model === other.model,
    );
    this.#spans = new RememberedCalls(
      elapsedMillis,
      ({ model, isOfEmbeddings }) => `${isOfEmbeddings}\n${model ?? ""}`,
      (one, other) => one.model === other.model && one.isOfEmbeddings === other.isOfEmbeddings,
    );
  }

  /**
   * A framework reports this agent from now on. Spans of the framework may have another name for
   * it.
   */
  reportsAgent(agentName: string, spanName = agentName): void {
    this.#agents.add(agentName);
    if (this.#invocations.size < MAX_SPAN_NAMES) this.#invocations.set(spanName, agentName);
  }

  /** No framework is observed any more: the work in spans counts again. */
  forgetAgents(): void {
    this.#agents.clear();
    this.#invocations.clear();
    this.#reportsTokens.clear();
  }

  isReported(agentName: string): boolean {
    return this.#agents.has(agentName);
  }

  /** The agent whose invocation a span of this name is, if a framework reports it. */
  invocationOf(spanName: string): string | undefined {
    return this.#invocations.get(spanName);
  }

  /** Returns a function that closes the call. It may be called more than once. */
  toolStarts(agentName: string, toolName: string): () => void {
    return this.#tools.opened({ agentName, toolName });
  }

  /**
   * The agent that calls a tool now or, if `since` is given, has called it since then. Adapters may
   * have added a prefix to the name of the tool.
   */
  agentThatRan(toolName: string, since?: number): string | undefined {
    return this.#tools.find((call) => isSameTool(call.toolName, toolName), since)?.agentName;
  }

  /** Whether an agent calls any tool now, or has called one since then. */
  hasToolRun(since: number): boolean {
    return this.#tools.find(() => true, since) !== undefined;
  }

  /**
   * Returns a function that closes the call. It may be called more than once. Until a call has
   * ended, the agent's model calls are assumed to report their tokens.
   */
  modelStarts(agentName: string, model: string | undefined): () => void {
    if (!this.#reportsTokens.has(agentName)) this.#reportsTokens.set(agentName, true);
    return this.#models.opened({ agentName, model });
  }

  /** The agent that calls a model now or, if `since` is given, has called it since then. */
  agentThatAsked(model: string | undefined, since?: number): string | undefined {
    return this.#models.find((call) => isSameModel(call.model, model), since)?.agentName;
  }

  /** A framework makes embeddings, until the returned function is called. */
  embeddingsStart(model: string | undefined): () => void {
    return this.#embeddings.opened({ model });
  }

  /** Whether a framework makes embeddings by this model now. */
  isMakingEmbeddings(model: string | undefined): boolean {
    return this.#embeddings.find((call) => isSameModel(call.model, model)) !== undefined;
  }

  /** A span reports a model call. The call is open until the returned function is called. */
  spanAsks({ model, operation }: CallInSpan): () => void {
    return this.#spans.opened({ model, isOfEmbeddings: operation === EMBEDDINGS });
  }

  /** Whether spans report a call of this model that is open, or was open since then. */
  wasAskedInSpan({ model, operation }: CallInSpan, since: number): boolean {
    const isIt = (call: OpenSpan): boolean =>
      call.isOfEmbeddings === (operation === EMBEDDINGS) && isSameModel(call.model, model);
    return this.#spans.find(isIt, since) !== undefined;
  }

  tokensWereReported(agentName: string, wereReported: boolean): void {
    this.#reportsTokens.set(agentName, wereReported);
  }

  reportsTokensOf(agentName: string): boolean {
    return this.#reportsTokens.get(agentName) ?? false;
  }
}

/** Adapters add a prefix: `files__read` for `read`. */
function isSameTool(one: string, other: string): boolean {
  return one === other || one.endsWith(`_${other}`);
}
