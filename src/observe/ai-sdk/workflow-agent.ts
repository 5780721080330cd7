import { endingOfError } from "../../agents/error-policy.ts";
import { errorTypeOf } from "../../core/error-type.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { CloseCall, EndCall, Invocation } from "../work/invocation.ts";
import { whenResolved } from "../work/load-hooks.ts";
import { digestOf } from "../work/repeated-calls.ts";
import { BROKEN_STREAM, type ModelEnd, reportTokens } from "./message.ts";
import { joinRegistry } from "./registry.ts";

/** All runs of these agents have this id. */
const CALL_ID = "workflow-agent";
/**
 * The SDK, and the part of it that only these agents load. While somebody listens to the start of a call,
 * the SDK copies what it is called with, for every call.
 */
const SDK = /\/node_modules\/ai\/dist\/index\.[cm]?js$/;
const USED_BY_AGENTS = /\/node_modules\/ai\/dist\/internal\/index\.[cm]?js$/;
/** Maximum of open tool calls of one run. */
const MAX_TOOLS = 1000;
const TOOL_ERROR = "tool_error";
const UNKNOWN = "unknown";

interface Event extends ModelEnd {
  readonly functionId?: string;
  readonly toolCall?: {
    readonly toolCallId?: string;
    readonly toolName?: string;
    readonly input?: unknown;
  };
  readonly success?: boolean;
  readonly error?: unknown;
}

interface Run {
  readonly invocation: Invocation;
  readonly tools: Map<string, EndCall>;
  closeModel?: CloseCall | undefined;
  /** The model that was asked last. That of an answer may be unknown. */
  asked?: { readonly modelId?: string | undefined; readonly provider?: string | undefined };
}

/** `isAlone`: whether no other run has the same `functionId` now. */
type Look = (event: Event, run: Run, isAlone: boolean) => void;

/**
 * Observes the runs of `WorkflowAgent` of `@ai-sdk/workflow`, which reports them to the registry of the AI SDK
 * only. Of two runs with the same `functionId` at once, the older gets what is reported first.
 */
export class WorkflowAgentObserver {
  readonly #work: FrameworkWork;
  readonly #runs = new Map<string, Run[]>();
  #leaveRegistry = (): void => {};
  #stopWatching = (): void => {};
  readonly #integration = {
    onStart: (event: Event): void => this.#safely(() => this.#begin(event)),
    onLanguageModelCallStart: this.#of(CALL_ID, (event, run) => modelStarts(event, run)),
    onLanguageModelCallEnd: this.#of(CALL_ID, (event, run) => modelAnswered(event, run)),
    onToolExecutionStart: this.#of(undefined, toolStarts),
    onToolExecutionEnd: this.#of(undefined, (event, run) => toolEnded(event, run)),
    onEnd: this.#of(CALL_ID, (_, run) => run.invocation.end("success")),
    onError: this.#of(undefined, (error, run) => failed(error, run)),
  };

  constructor(work: FrameworkWork) {
    this.#work = work;
  }

  start(): void {
    this.#leaveRegistry = joinRegistry(this.#integration);
    // Whatever fails here must not keep the module from being loaded.
    this.#stopWatching = whenResolved((url) => this.#safely(() => this.#resolved(url)));
  }

  stop(): void {
    this.#stopWatching();
    this.#leaveRegistry();
    this.#runs.clear();
  }

  /** In a bundle nothing is seen to be loaded: there it stays in the registry. */
  #resolved(url: string): void {
    const isUsed = USED_BY_AGENTS.test(url);
    if (!isUsed && !SDK.test(url)) return;
    if (isUsed) this.#stopWatching();
    this.#leaveRegistry();
    if (isUsed) this.#leaveRegistry = joinRegistry(this.#integration);
  }

  #begin({ callId, functionId }: Event): void {
    if (callId !== CALL_ID) return;
    const key = functionId ?? "";
    const run: Run = {
      invocation: this.#work.begin(functionId, () => this.#forget(key, run)),
      tools: new Map(),
    };
    this.#runs.set(key, [...(this.#runs.get(key) ?? []), run]);
  }

  #forget(key: string, run: Run): void {
    const left = (this.#runs.get(key) ?? []).filter((it) => it !== run);
    if (left.length === 0) this.#runs.delete(key);
    else this.#runs.set(key, left);
  }

  /** Looks at the events of these runs. Those of tools, and errors, have no id. */
  #of(callId: string | undefined, look: Look): (event: Event) => void {
    return (event) => {
      this.#safely(() => {
        if (event.callId !== callId) return;
        const [run, ...others] = this.#runs.get(event.functionId ?? "") ?? [];
        if (run !== undefined) look(event, run, others.length === 0);
      });
    };
  }

  /** Errors here must not reach the application. */
  #safely(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#work.logOnce(`an event of WorkflowAgent could not be read: ${errorTypeOf(error)}`);
    }
  }
}

function modelStarts({ modelId, provider }: Event, run: Run): void {
  run.asked = { modelId, provider };
  run.closeModel = run.invocation.modelStarts(modelId);
}

function modelAnswered(event: Event, run: Run): void {
  run.closeModel?.();
  run.closeModel = undefined;
  const { usage, modelId, provider, finishReason } = event;
  if (finishReason === "error") run.invocation.modelEnded("failure", BROKEN_STREAM);
  else run.invocation.modelEnded("success");
  const answered = modelId === UNKNOWN ? run.asked : { modelId, provider };
  reportTokens(run.invocation, { usage, ...answered });
}

/** The same calls of several runs are no repetitions. */
function toolStarts({ toolCall }: Event, { invocation, tools }: Run, isAlone: boolean): void {
  const { toolCallId, toolName = "unknown", input } = toolCall ?? {};
  if (toolCallId === undefined || tools.size >= MAX_TOOLS) return;
  tools.set(toolCallId, invocation.toolStarts(toolName, isAlone ? digestOf(input) : undefined));
}

function toolEnded({ toolCall, success, error }: Event, { tools }: Run): void {
  const id = toolCall?.toolCallId ?? "";
  const end = tools.get(id);
  tools.delete(id);
  if (success !== false) end?.("success");
  // Of an error of a tool, often only the message is reported.
  else if (typeof error !== "object") end?.("failure", TOOL_ERROR);
  else {
    const { outcome, errorType } = endingOfError(error);
    end?.(outcome, errorType);
  }
}

/** An event of an error is the error itself, with some fields more. */
function failed(error: Event, { invocation, closeModel }: Run): void {
  const { outcome, errorType } = endingOfError(error);
  if (closeModel !== undefined) invocation.modelEnded(outcome, errorType);
  invocation.end(outcome, errorType);
}
