import { OpenCalls } from "./open-calls.ts";

/** Names of spans that stand for an agent are kept up to so many; a framework has a few. */
const MAX_SPAN_NAMES = 1000;

interface ToolRun {
  readonly agentName: string;
  readonly toolName: string;
}

interface ModelAsked {
  readonly agentName: string;
  readonly model: string | undefined;
}

/**
 * What frameworks tell of their agents by themselves: whoever sees the same work in spans does not count it again. Which
 * of a framework's calls a span is of, nobody says; they are matched by name and time.
 */
export class FrameworkReports {
  readonly #agents = new Set<string>();
  readonly #invocations = new Map<string, string>();
  /** Whether the model calls of an agent tell how many tokens they used. */
  readonly #tellsTokens = new Map<string, boolean>();
  readonly #tools: OpenCalls<ToolRun>;
  readonly #models: OpenCalls<ModelAsked>;

  /** @param elapsedMillis milliseconds of a clock that never goes back. */
  constructor(elapsedMillis: () => number) {
    this.#tools = new OpenCalls(elapsedMillis, ({ agentName, toolName }) => `${agentName}\n${toolName}`);
    this.#models = new OpenCalls(elapsedMillis, ({ agentName, model }) => `${agentName}\n${model ?? ""}`);
  }

  /** A framework tells of this agent from now on; spans of the framework's may call the same by another name. */
  agentSpoke(agentName: string, spanName = agentName): void {
    this.#agents.add(agentName);
    if (this.#invocations.size < MAX_SPAN_NAMES) this.#invocations.set(spanName, agentName);
  }

  /** No framework is listened to any more: what spans tell counts again. */
  forgetAgents(): void {
    this.#agents.clear();
    this.#invocations.clear();
    this.#tellsTokens.clear();
  }

  tellsOf(agentName: string): boolean {
    return this.#agents.has(agentName);
  }

  /** The agent that a framework tells of, where a span of that name is an invocation of it. */
  invocationOf(spanName: string): string | undefined {
    return this.#invocations.get(spanName);
  }

  /** The function that comes back closes the call, once. */
  toolStarts(agentName: string, toolName: string): () => void {
    return this.#tools.opened({ agentName, toolName });
  }

  /** The agent that has a tool under way, also under a name that an adapter has put something in front of; or had one since then. */
  agentThatRan(toolName: string, since?: number): string | undefined {
    return this.#tools.find((run) => isSameTool(run.toolName, toolName), since)?.agentName;
  }

  /** The function that comes back closes the call, once. Until one has ended, they are taken to tell of their tokens. */
  modelStarts(agentName: string, model: string | undefined): () => void {
    if (!this.#tellsTokens.has(agentName)) this.#tellsTokens.set(agentName, true);
    return this.#models.opened({ agentName, model });
  }

  /** The agent that has a model under way, or had it since then. */
  agentThatAsked(model: string | undefined, since?: number): string | undefined {
    return this.#models.find((asked) => isSameModel(asked.model, model), since)?.agentName;
  }

  tokensWereTold(agentName: string, wereTold: boolean): void {
    this.#tellsTokens.set(agentName, wereTold);
  }

  tellsTokensOf(agentName: string): boolean {
    return this.#tellsTokens.get(agentName) ?? false;
  }
}

/** Adapters put something in front: `files__read` for `read`. */
function isSameTool(one: string, other: string): boolean {
  return one === other || one.endsWith(`_${other}`);
}

/** One may tell the version that answered, `gpt-4o-2024-08-06`, and the other what was asked for. */
function isSameModel(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one.startsWith(other) || other.startsWith(one);
}
