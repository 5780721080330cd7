import type { ModelCall } from "../genai/work-log.ts";
import type { AgentWork } from "./agent-work.ts";
import { errorTypeOf, isAbort } from "./error-type.ts";
import type { CloseCall, EndCall, Invocation } from "./invocation.ts";
import { modelOf, usageOf } from "./langchain-usage.ts";
import { type AwaitedClass, awaitClass } from "./loaded-class.ts";

/** It decides which callbacks a run has. */
const MANAGER: AwaitedClass = {
  key: "otel-forecast.langchain",
  className: "CallbackManager",
  isDefinedAt: (url) => /\/@langchain\/core\/dist\/callbacks\/manager\.c?js$/.test(url),
};
/** What a graph is called that nobody named. */
const UNNAMED = "LangGraph";
const MAX_RUNS = 10_000;

interface Handler {
  readonly name: string;
}

interface Manager {
  readonly handlers: readonly Handler[];
  addHandler(handler: Handler, inherit: boolean): void;
}

export interface ManagerClass {
  new (): Manager;
  _configureSync(...args: unknown[]): Manager | undefined;
}

interface Run {
  readonly invocation: Invocation;
  readonly isAgent?: true;
  readonly endTool?: EndCall;
  readonly model?: Partial<ModelCall>;
  readonly closeModel?: CloseCall;
}

/**
 * Observes the graphs of LangGraph, and whatever else of LangChain runs within them, by a callback that every run gets. As
 * the module that hands out callbacks is loaded it tells us, by one line at its end; nothing else of it changes.
 */
export class LangChainObserver {
  readonly #work: AgentWork;
  readonly #runs = new Map<string, Run>();
  /** Invocations in which something was aborted: of the graph itself only a plain error comes. */
  readonly #aborted = new WeakSet<Invocation>();
  #undo: (() => void)[] = [];

  constructor(work: AgentWork) {
    this.#work = work;
  }

  start(): void {
    this.#undo.push(awaitClass<ManagerClass>(MANAGER, (manager) => this.join(manager)));
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#runs.clear();
  }

  /** Gives every run that this class configures our callback too. */
  join(manager: ManagerClass): void {
    const configure = manager?._configureSync;
    if (typeof configure !== "function") {
      this.#work.sayOnce("this version of @langchain/core is not known, its agents are not observed");
      return;
    }
    const handler = this.#handler();
    const withOurs = function (this: unknown, ...args: unknown[]): Manager {
      const configured = configure.apply(this, args) ?? new manager();
      if (!configured.handlers.includes(handler)) configured.addHandler(handler, true);
      return configured;
    };
    manager._configureSync = withOurs;
    this.#undo.push(() => {
      if (manager._configureSync === withOurs) manager._configureSync = configure;
    });
  }

  /** The part of LangChain's callback interface that is needed. Inputs and outputs come in too, and are not read. */
  #handler(): Handler & Record<string, unknown> {
    const failed = (error: unknown, runId: string): void => this.#onEnd(runId, error);
    const ended = (_output: unknown, runId: string): void => this.#onEnd(runId, undefined);
    const modelStarts = (
      _model: unknown,
      _prompts: unknown,
      runId: string,
      parentId?: string,
      ...more: unknown[]
    ): void =>
      this.#belongs(runId, parentId, (invocation) => {
        const model = modelOf(more[2]);
        return { model, closeModel: invocation.modelStarts(model.model) };
      });
    return {
      name: "otel_forecast",
      awaitHandlers: true,
      handleChainStart: (
        made: unknown,
        _inputs: unknown,
        runId: string,
        parentId?: string,
        ...more: unknown[]
      ) => this.#onChainStart(made, runId, parentId, more[3]),
      handleToolStart: (
        _tool: unknown,
        _input: unknown,
        runId: string,
        parentId?: string,
        ...more: unknown[]
      ) =>
        this.#belongs(runId, parentId, (invocation) => ({
          endTool: invocation.toolStarts(typeof more[2] === "string" ? more[2] : "unknown"),
        })),
      handleChatModelStart: modelStarts,
      handleLLMStart: modelStarts,
      handleChainEnd: ended,
      handleToolEnd: ended,
      handleLLMEnd: (output: unknown, runId: string) => this.#onModelEnd(output, runId),
      handleChainError: failed,
      handleToolError: failed,
      handleLLMError: failed,
    };
  }

  #onChainStart(made: unknown, runId: string, parentId: string | undefined, runName: unknown): void {
    const name = typeof runName === "string" && runName !== UNNAMED ? runName : undefined;
    const isPart = name === undefined && this.#runs.has(parentId ?? "");
    if (!isGraph(made) || isPart || this.#runs.size >= MAX_RUNS) {
      this.#belongs(runId, parentId, () => ({}));
      return;
    }
    const invocation = this.#work.begin(name, () => this.#forget(invocation), name ?? UNNAMED);
    this.#runs.set(runId, { invocation, isAgent: true });
  }

  #belongs(
    runId: string,
    parentId: string | undefined,
    begin: (invocation: Invocation) => Omit<Run, "invocation">,
  ): void {
    const outer = this.#runs.get(parentId ?? "");
    if (outer === undefined || this.#runs.size >= MAX_RUNS) return;
    this.#runs.set(runId, { invocation: outer.invocation, ...begin(outer.invocation) });
  }

  #onModelEnd(output: unknown, runId: string): void {
    const run = this.#runs.get(runId);
    this.#runs.delete(runId);
    run?.closeModel?.();
    run?.invocation.modelAnswered(usageOf(output), run.model);
  }

  #onEnd(runId: string, error: unknown): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    this.#runs.delete(runId);
    const { invocation, isAgent, endTool, closeModel } = run;
    if (isAbort(error)) this.#aborted.add(invocation);
    const isCancelled = error !== undefined && this.#aborted.has(invocation);
    const outcome = error === undefined ? "success" : isCancelled ? "cancelled" : "failure";
    const errorType = outcome === "failure" ? errorTypeOf(error) : undefined;
    endTool?.(outcome, errorType);
    closeModel?.();
    if (isAgent) invocation.end(outcome, errorType);
  }

  /** Runs within an invocation that is over may never end. */
  #forget(invocation: Invocation): void {
    for (const [runId, run] of this.#runs) if (run.invocation === invocation) this.#runs.delete(runId);
  }
}

/** By what made it: `["langgraph", "pregel", "CompiledStateGraph"]`. */
function isGraph(made: unknown): boolean {
  const id = (made as { id?: unknown } | undefined)?.id;
  return Array.isArray(id) && id[0] === "langgraph" && id[1] === "pregel";
}
