import type { AgentAtWork } from "../work/current-agent.ts";
import { fileOf } from "../work/file-of-package.ts";
import { awaitFirstPart } from "../work/first-part.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { Invocation } from "../work/invocation.ts";
import { type AwaitedClass, awaitClass } from "../work/loaded-class.ts";
import { digestOf } from "../work/repeated-calls.ts";
import { replaceMethod } from "../work/replaced-method.ts";
import type { Callbacks, Chain, Handler, ToolCall } from "./callbacks.ts";
import { currentRunId } from "./current-run.ts";
import { endingOfGraph, endingOfStep, isGivenUp } from "./ending.ts";
import { endUnlessItGoesOn } from "./left-graph.ts";
import { RefusedCalls } from "./refused-calls.ts";
import { agentsWithin, OpenRuns, type Run, type Step } from "./runs.ts";
import { modelOf, usageOf } from "./usage.ts";

/** The class that decides which callbacks a run has. */
export const CALLBACK_MANAGER: AwaitedClass = {
  key: "otel-forecast.langchain",
  className: "CallbackManager",
  isDefinedAt: fileOf("@langchain/core", /dist\/callbacks\/manager\.c?js/),
};
/** The name of a graph without a name. */
const UNNAMED = "LangGraph";

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
  readonly #refusedCalls = new RefusedCalls();
  readonly #undo: (() => void)[] = [];
  readonly #locate = (): AgentAtWork | undefined => this.#runs.agentIn(currentRunId());

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
    this.#undo.push(this.#work.currentAgents.locateBy(this.#locate));
    this.#undo.push(replaceMethod(manager, "_configureSync", () => withOurs));
  }

  #callbacks(): Callbacks {
    const failed: Callbacks["handleChainError"] = (error, runId) => this.#onEnd(runId, error);
    const ended: Callbacks["handleToolEnd"] = (_output, runId) => this.#onEnd(runId, undefined);
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
      handleChainStart: (made, input, runId, parentId, _tags, _metadata, _type, name) =>
        this.#onChainStart({ made, input, name }, runId, parentId),
      handleToolStart: (_tool, input, runId, parentId, _tags, _metadata, name, callId) =>
        this.#onToolStart({ name, callId, input }, runId, parentId),
      handleChatModelStart: modelStarts,
      handleLLMStart: modelStarts,
      handleLLMNewToken: (_text, _place, runId) => this.#runs.get(runId)?.partArrived?.(),
      handleChainEnd: (output, runId) => this.#onChainEnd(output, runId),
      handleToolEnd: ended,
      handleLLMEnd: (output, runId) => this.#onModelEnd(output, runId),
      handleChainError: failed,
      handleToolError: failed,
      handleLLMError: failed,
    };
  }

  #onChainStart(chain: Chain, runId: string, parentId: string | undefined): void {
    const { made, input } = chain;
    const name = typeof chain.name === "string" && chain.name !== UNNAMED ? chain.name : undefined;
    const parent = this.#runs.get(parentId);
    const isPart = name === undefined && parent !== undefined;
    if (!isGraph(made) || isPart || this.#runs.areFull) this.#belongs(runId, parentId, () => ({ input }));
    else this.#runs.addAgent(runId, parent, (onOver) => this.#work.begin(name, onOver, name ?? UNNAMED));
  }

  #onToolStart({ name, callId, input }: ToolCall, runId: string, parentId: string | undefined): void {
    const toolName = typeof name === "string" ? name : "unknown";
    this.#runs.get(parentId)?.agent.startedCalls.add(callId, toolName);
    this.#belongs(runId, parentId, (invocation) => ({
      endTool: invocation.toolStarts(toolName, digestOf(input)),
    }));
  }

  #onModelStart(runId: string, parentId: string | undefined, metadata: unknown): void {
    this.#belongs(runId, parentId, (invocation) => {
      const model = modelOf(metadata);
      const closeModel = invocation.modelStarts(model.model);
      const partArrived = awaitFirstPart(invocation, model.model, () => this.#work.elapsedMillis());
      return { model, closeModel, partArrived };
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

  #onChainEnd(output: unknown, runId: string): void {
    const run = this.#runs.get(runId);
    if (run !== undefined && !run.isAgent) {
      const { invocation, startedCalls } = run.agent;
      this.#refusedCalls.report(invocation, startedCalls, run.input, output);
    }
    this.#onEnd(runId, undefined);
  }

  #onEnd(runId: string, error: unknown): void {
    const run = this.#runs.take(runId);
    if (run === undefined) return;
    if (isGivenUp(error)) for (const begun of agentsWithin(run)) end(begun, error);
    end(run, error);
    const wasAborted = endingOfStep(error).outcome === "cancelled";
    if (wasAborted && run.parent?.isAgent === true) void endUnlessItGoesOn(run.parent);
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
