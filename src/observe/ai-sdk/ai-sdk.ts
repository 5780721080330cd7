import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";
import { endingOfError, isAbort } from "../../agents/error-policy.ts";
import { errorTypeOf } from "../../core/error-type.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { EndCall, Invocation } from "../work/invocation.ts";
import { digestOf } from "../work/repeated-calls.ts";
import { EmbeddingCalls, isOfEmbeddings } from "./embeddings.ts";
import {
  type Call,
  type End,
  failsIfBroken,
  type Message,
  type ModelEnd,
  modelBegins,
  modelEndOf,
  modelFailed,
  modelSucceeded,
  reportFirstToken,
  reportTokens,
} from "./message.ts";
import { OpenParts } from "./open-parts.ts";
import { joinRegistry } from "./registry.ts";
import { reportInvalidToolCalls } from "./tool-call.ts";

const CHANNEL = "ai:telemetry";
/**
 * The supported major version. Versions before 7.0.154 do not report theirs, and have the same
 * messages.
 */
const KNOWN_MAJOR = "7";
const INVOCATIONS = ["generateText", "streamText"];
const SUCCESS = { outcome: "success", errorType: undefined } as const;

/**
 * Observes the agents of Vercel's AI SDK 7 by its tracing channel. The name of an agent is its
 * `functionId`. A call without one belongs to the agent of the process or, inside a tool of another
 * call, to that tool.
 */
export class VercelAiObserver {
  readonly #work: FrameworkWork;
  readonly #embeddings: EmbeddingCalls;
  readonly #calls = new Map<string, Call>();
  readonly #current = new AsyncLocalStorage<Call>();
  #unlocate = (): void => {};
  #leaveRegistry = (): void => {};
  readonly #channel = tracingChannel<unknown, object>(CHANNEL);
  readonly #onAsyncEnd = (message: unknown): void => this.#safely(() => this.#onEnd(message as Message));
  /**
   * For a stream, the channel reports neither that it broke off nor its tokens. The registry does.
   */
  readonly #integration = {
    onStepEnd: (event: unknown): void => this.#onStepEnd(event),
    onLanguageModelCallEnd: (event: unknown): void => this.#onModelEnd(event),
  };

  constructor(work: FrameworkWork) {
    this.#work = work;
    this.#embeddings = new EmbeddingCalls(work);
  }

  start(): void {
    this.#channel.asyncEnd.subscribe(this.#onAsyncEnd);
    this.#channel.start.bindStore(this.#current, (message) => this.#begin(message as Message));
    this.#unlocate = this.#work.currentAgents.locateBy(() => this.#current.getStore()?.invocation.atWork);
    this.#leaveRegistry = joinRegistry(this.#integration);
  }

  stop(): void {
    this.#channel.asyncEnd.unsubscribe(this.#onAsyncEnd);
    this.#channel.start.unbindStore(this.#current);
    this.#unlocate();
    this.#leaveRegistry();
  }

  /** The call that work inside this one belongs to. */
  #begin(message: Message): Call {
    const outer = this.#current.getStore();
    // Without a call, there is none to belong to: the store may be empty.
    return this.#safely(() => this.#callOf(message, outer)) ?? (outer as Call);
  }

  #callOf(message: Message, outer: Call | undefined): Call | undefined {
    const { type, event } = message;
    const { callId, functionId, aiVersion } = event ?? {};
    if (callId === undefined) return outer;
    if (!INVOCATIONS.includes(type) && !isOfEmbeddings(message)) {
      const call = this.#calls.get(callId);
      if (call !== undefined) this.#partBegins(call, message);
      return outer;
    }
    if (aiVersion !== undefined && !aiVersion.startsWith(`${KNOWN_MAJOR}.`)) {
      this.#work.logOnce(`version ${aiVersion} of the AI SDK is not known, its agents are not observed`);
      return outer;
    }
    if (isOfEmbeddings(message)) {
      this.#embeddings.begin(message);
      return outer;
    }
    // Work that a tool has started may last longer than the call of the tool.
    const isPart = functionId === undefined && outer !== undefined && !outer.invocation.isOver;
    const invocation = isPart
      ? outer.invocation
      : this.#work.begin(functionId, () => this.#forget(invocation));
    const isStream = type === "streamText";
    const call: Call = {
      invocation,
      isPart,
      isStream,
      open: new OpenParts(),
      fromChannel: [],
      modelCall: "over",
    };
    this.#calls.set(callId, call);
    return call;
  }

  /** Calls inside an invocation that has ended may never end. */
  #forget(invocation: Invocation): void {
    for (const [callId, call] of this.#calls) if (call.invocation === invocation) this.#calls.delete(callId);
  }

  #partBegins(call: Call, message: Message): void {
    const { type, event } = message;
    if (type === "executeTool") {
      const { toolName = "unknown", input } = event?.toolCall ?? {};
      call.open.add(message, call.invocation.toolStarts(toolName, digestOf(input)));
    } else if (type === "step" || type === "languageModelCall") delete call.modelError;
    if (type === "step") call.invocation.goesOn();
    if (type !== "languageModelCall") return;
    modelBegins(call);
    call.open.add(message, call.invocation.modelStarts(event?.modelId));
  }

  #onEnd(message: Message): void {
    const { type, event, result, error } = message;
    if (isOfEmbeddings(message)) this.#embeddings.end(message);
    const call = this.#calls.get(event?.callId ?? "");
    if (call === undefined) return;
    if (type === "languageModelCall") {
      call.open.take(message)?.("success");
      if (error !== undefined) modelFailed(call, error);
      else if (result?.usage !== undefined) {
        modelSucceeded(call);
        call.fromChannel?.push(modelEndOf(event, result.usage));
      } else call.modelCall = "answered";
    }
    if (type === "executeTool") onToolEnd(call.open.take(message), result, error);
    if (!INVOCATIONS.includes(type)) return;
    for (const model of call.fromChannel ?? []) reportTokens(call.invocation, model);
    if (error === undefined && call.modelCall === "answered") modelSucceeded(call);
    if (call.isPart) {
      this.#calls.delete(event?.callId ?? "");
      return;
    }
    const failed = type === "streamText" && !isAbort(error) ? (call.modelError ?? error) : error;
    const { outcome, errorType } = failed === undefined ? SUCCESS : endingOfError(failed);
    call.invocation.end(outcome, errorType);
  }

  #onModelEnd(event: unknown): void {
    this.#safely(() => {
      const model = event as ModelEnd;
      const call = this.#calls.get(model.callId ?? "");
      if (call === undefined) return;
      call.fromChannel = undefined;
      if (!failsIfBroken(call, model)) modelSucceeded(call);
      reportTokens(call.invocation, model);
      reportFirstToken(call.invocation, model);
      reportInvalidToolCalls(call.invocation, model);
    });
  }

  #onStepEnd(event: unknown): void {
    this.#safely(() => {
      const end = event as End;
      const call = this.#calls.get(end.callId ?? "");
      if (call !== undefined) failsIfBroken(call, end);
    });
  }

  /** Errors here must not reach the application: a channel makes them uncaught exceptions. */
  #safely<Result>(look: () => Result): Result | undefined {
    try {
      return look();
    } catch (error) {
      this.#work.logOnce(`a message of the AI SDK could not be read: ${errorTypeOf(error)}`);
      return undefined;
    }
  }
}

function onToolEnd(end: EndCall | undefined, result: Message["result"], thrown: unknown): void {
  const isError = thrown !== undefined || result?.output?.type === "tool-error";
  const error = thrown ?? result?.output?.error;
  const { outcome, errorType } = isError ? endingOfError(error) : SUCCESS;
  end?.(outcome, errorType);
}
