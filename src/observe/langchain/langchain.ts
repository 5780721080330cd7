import type { FrameworkWork } from "../work/framework-work.ts";
import type { Invocation } from "../work/invocation.ts";
import { type AwaitedClass, awaitClass } from "../work/loaded-class.ts";
import { endingOfGraph, endingOfStep, isGivenUp } from "./ending.ts";
import { agentsWithin, OpenRuns, type Run, type Step } from "./runs.ts";
import { modelOf, usageOf } from "./usage.ts";

/** The class that decides which callbacks a run has. */
export const CALLBACK_MANAGER: AwaitedClass = {
  key: "otel-forecast.langchain",
  className: "CallbackManager",
  isDefinedAt: (url) => /\/@langchain\/core\/dist\/callbacks\/manager\.c?js$/.test(url),
};
/** The name of a graph without a name. */
const UNNAMED = "LangGraph";

interface Handler {
  readonly name: string;
}

type Started = (
  what: unknown,
  input: unknown,
  runId: string,
  parentId: string | undefined,
  ...more: readonly unknown[]
) => void;
type Ended = (outputOrError: unknown, runId: string) => void;

/** The part of LangChain's callback interface that is needed. Inputs and outputs are not read. */
interface Callbacks extends Handler {
  readonly awaitHandlers: boolean;
  /** Further arguments: tags, metadata, type of the run, its name. */
  readonly handleChainStart: Started;
  /** Further arguments: tags, metadata, name of the tool. */
  readonly handleToolStart: Started;
  /** Further arguments: parameters, tags, metadata. */
  readonly handleChatModelStart: Started;
  readonly handleLLMStart: Started;
  readonly handleChainEnd: Ended;
  readonly handleToolEnd: Ended;
  readonly handleLLMEnd: Ended;
  readonly handleChainError: Ended;
  readonly handleToolError: Ended;
  readonly handleLLMError: Ended;
}

interface Manager {
  readonly handlers: readonly Handler[];
  addHandler(handler: Handler, inherit: boolean): void;
}

/** The fields of LangChain's `CallbackManager` that are used. */
export interface ManagerClass {
  new (): Manager;
  _configureSync(...args: unknown[]): Manager | undefined;
}

/**
 * Observes the graphs of LangGraph, and everything of LangChain that runs inside them, by a
 * callback that is added to every run. The module with the class of callbacks gets one more line at
 * its end when it is loaded; nothing else of it changes.
 */
export class LangChainObserver {
  readonly #work: FrameworkWork;
  readonly #runs = new OpenRuns();
  readonly #undo: (() => void)[] = [];

  constructor(work: FrameworkWork) {
    this.#work = work;
  }

  start(): void {
    this.#undo.push(awaitClass<ManagerClass>(CALLBACK_MANAGER, (manager) => this.join(manager)));
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#runs.clear();
  }

  /** Adds our callback to every run that this class configures. */
  join(manager: ManagerClass): void {
    const configure = manager?._configureSync;
    if (typeof configure !== "function") {
      this.#work.logOnce("this version of @langchain/core is not known, its agents are not observed");
      return;
    }
    const callbacks = this.#callbacks();
    const withOurs = function (this: unknown, ...args: unknown[]): Manager {
      const configured = configure.apply(this, args) ?? new manager();
      if (!configured.handlers.includes(callbacks)) configured.addHandler(callbacks, true);
      return configured;
    };
    manager._configureSync = withOurs;
    this.#undo.push(() => {
      if (manager._configureSync === withOurs) manager._configureSync = configure;
    });
  }

  #callbacks(): Callbacks {
    const failed: Callbacks["handleChainError"] = (error, runId) => this.#onEnd(runId, error);
    const ended: Callbacks["handleChainEnd"] = (_output, runId) => this.#onEnd(runId, undefined);
    const modelStarts: Callbacks["handleLLMStart"] = (
      _model,
      _input,
      runId,
      parentId,
      _params,
      _tags,
      metadata,
    ) => this.#onModelStart(runId, parentId, metadata);
    return {
      name: "otel_forecast",
      awaitHandlers: true,
      handleChainStart: (made, _input, runId, parentId, _tags, _metadata, _type, name) =>
        this.#onChainStart(made, runId, parentId, name),
      handleToolStart: (_tool, _input, runId, parentId, _tags, _metadata, name) =>
        this.#onToolStart(runId, parentId, name),
      handleChatModelStart: modelStarts,
      handleLLMStart: modelStarts,
      handleChainEnd: ended,
      handleToolEnd: ended,
      handleLLMEnd: (output, runId) => this.#onModelEnd(output, runId),
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

  #onToolStart(runId: string, parentId: string | undefined, name: unknown): void {
    const toolName = typeof name === "string" ? name : "unknown";
    this.#belongs(runId, parentId, (invocation) => ({ endTool: invocation.toolStarts(toolName) }));
  }

  #onModelStart(runId: string, parentId: string | undefined, metadata: unknown): void {
    this.#belongs(runId, parentId, (invocation) => {
      const model = modelOf(metadata);
      return { model, closeModel: invocation.modelStarts(model.model) };
    });
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

/**
 * Whether a run is a graph, by the id of its class: `["langgraph", "pregel",
 * "CompiledStateGraph"]`.
 */
function isGraph(made: unknown): boolean {
  const id = (made as { id?: unknown } | undefined)?.id;
  return Array.isArray(id) && id[0] === "langgraph" && id[1] === "pregel";
}
