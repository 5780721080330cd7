import type { AgentWork } from "./agent-work.ts";
import type { Invocation } from "./invocation.ts";
import { endingOfGraph, endingOfStep, isGivenUp } from "./langchain-ending.ts";
import { agentsWithin, OpenRuns, type Run, type Step } from "./langchain-runs.ts";
import { modelOf, usageOf } from "./langchain-usage.ts";
import { type AwaitedClass, awaitClass } from "./loaded-class.ts";

/** It decides which callbacks a run has. */
export const CALLBACK_MANAGER: AwaitedClass = {
  key: "otel-forecast.langchain",
  className: "CallbackManager",
  isDefinedAt: (url) => /\/@langchain\/core\/dist\/callbacks\/manager\.c?js$/.test(url),
};
/** What a graph is called that nobody named. */
const UNNAMED = "LangGraph";

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

/**
 * Observes the graphs of LangGraph, and whatever else of LangChain runs within them, by a callback that every run gets. As
 * the module that hands out callbacks is loaded it tells us, by one line at its end; nothing else of it changes.
 */
export class LangChainObserver {
  readonly #work: AgentWork;
  readonly #runs = new OpenRuns();
  readonly #undo: (() => void)[] = [];

  constructor(work: AgentWork) {
    this.#work = work;
  }

  start(): void {
    this.#undo.push(awaitClass<ManagerClass>(CALLBACK_MANAGER, (manager) => this.join(manager)));
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
    const parent = this.#runs.get(parentId);
    const isPart = name === undefined && parent !== undefined;
    if (!isGraph(made) || isPart || this.#runs.areFull) this.#belongs(runId, parentId, () => ({}));
    else this.#runs.addAgent(runId, parent, (onOver) => this.#work.begin(name, onOver, name ?? UNNAMED));
  }

  #belongs(runId: string, parentId: string | undefined, begin: (invocation: Invocation) => Step): void {
    const parent = this.#runs.get(parentId);
    if (parent === undefined || this.#runs.areFull) return;
    this.#runs.addStep(runId, parent, begin(parent.agent.invocation));
  }

  #onModelEnd(output: unknown, runId: string): void {
    const run = this.#runs.take(runId);
    run?.closeModel?.();
    run?.agent.invocation.modelEnded("success");
    run?.agent.invocation.modelAnswered(usageOf(output), run.model);
  }

  #onEnd(runId: string, error: unknown): void {
    const run = this.#runs.take(runId);
    if (run === undefined) return;
    if (isGivenUp(error)) for (const begun of agentsWithin(run)) end(begun, error);
    end(run, error);
  }
}

function end(run: Run, error: unknown): void {
  if (run.isAgent) {
    const { outcome, errorType } = endingOfGraph(error, run.lastFailure);
    run.agent.invocation.end(outcome, errorType);
    return;
  }
  const { outcome, errorType } = endingOfStep(error);
  if (run.parent !== undefined) run.parent.lastFailure = error;
  run.endTool?.(outcome, errorType);
  run.closeModel?.();
  if (run.model !== undefined && outcome !== "withdrawn") run.agent.invocation.modelEnded(outcome, errorType);
}

/** By what made it: `["langgraph", "pregel", "CompiledStateGraph"]`. */
function isGraph(made: unknown): boolean {
  const id = (made as { id?: unknown } | undefined)?.id;
  return Array.isArray(id) && id[0] === "langgraph" && id[1] === "pregel";
}
