import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";
import type { AgentWork } from "./agent-work.ts";
import { errorTypeOf, isAbort } from "./error-type.ts";
import type { CloseCall, EndCall, Invocation } from "./invocation.ts";
import { type Message, type ModelEnd, modelEndOf, tellTokens } from "./vercel-ai-message.ts";

const CHANNEL = "ai:telemetry";
/** Major version whose messages are understood. Until 7.0.153 none told its version, and they look the same. */
const KNOWN_MAJOR = "7";
/** What a stream failed with that broke off: the SDK does not say. */
const BROKEN_STREAM = "stream_error";
const INVOCATIONS = ["generateText", "streamText"];

interface Call {
  readonly invocation: Invocation;
  /** Part of a tool of another call: its models and tools are of the agent around it. */
  readonly isPart: boolean;
  readonly isStream: boolean;
  /** What the last model call failed with: of a stream the SDK tells only that there was no output, or nothing. */
  modelError?: unknown;
  /** Model calls that the channel told the tokens of, until the registry has told of one: then that tells of all. */
  unheard: ModelEnd[] | undefined;
}

/** The SDK calls what it finds in this list, the registry behind its `registerTelemetry`. */
const REGISTRY = "AI_SDK_TELEMETRY_INTEGRATIONS";
interface Registry {
  [REGISTRY]?: object[];
}

/**
 * Observes the agents of Vercel's AI SDK 7 by the tracing channel that it publishes to. An agent is known by its
 * `functionId`. A call without one is the process's agent; within a tool of another call it is part of that tool.
 */
export class VercelAiObserver {
  readonly #work: AgentWork;
  readonly #calls = new Map<string, Call>();
  /** By the message that told of its start: the same tells of its end. */
  readonly #tools = new WeakMap<object, EndCall>();
  readonly #models = new WeakMap<object, CloseCall>();
  readonly #current = new AsyncLocalStorage<Call>();
  readonly #channel = tracingChannel<unknown, object>(CHANNEL);
  readonly #subscribers = {
    start: (): void => {},
    end: (): void => {},
    asyncStart: (): void => {},
    asyncEnd: (message: object): void => this.#safely(() => this.#onEnd(message as Message)),
    error: (): void => {},
  };
  /** Of a stream the channel tells neither that it broke off half-way nor how many tokens it had. */
  readonly #integration = {
    onStepEnd: (event: unknown): void => this.#onStepEnd(event),
    onLanguageModelCallEnd: (event: unknown): void => this.#onModelEnd(event),
  };

  constructor(work: AgentWork) {
    this.#work = work;
  }

  start(): void {
    this.#channel.subscribe(this.#subscribers);
    this.#channel.start.bindStore(this.#current, (message) => this.#begin(message as Message));
    const registry = globalThis as Registry;
    if (registry[REGISTRY] === undefined)
      // As the SDK makes it, but for those who list what is global.
      Object.defineProperty(registry, REGISTRY, { value: [], configurable: true, writable: true });
    registry[REGISTRY]?.push(this.#integration);
  }

  stop(): void {
    this.#channel.unsubscribe(this.#subscribers);
    this.#channel.start.unbindStore(this.#current);
    const integrations = (globalThis as Registry)[REGISTRY];
    const place = integrations?.indexOf(this.#integration) ?? -1;
    if (place >= 0) integrations?.splice(place, 1);
  }

  /** The call that the work belongs to from here on. */
  #begin(message: Message): Call {
    const outer = this.#current.getStore();
    // Where there is no call there is none to belong to: the store may be empty.
    return this.#safely(() => this.#callOf(message, outer)) ?? (outer as Call);
  }

  #callOf(message: Message, outer: Call | undefined): Call | undefined {
    const { type, event } = message;
    const { callId, functionId, aiVersion } = event ?? {};
    if (callId === undefined) return outer;
    if (!INVOCATIONS.includes(type)) {
      const call = this.#calls.get(callId);
      if (call !== undefined) this.#partBegins(call, message);
      return outer;
    }
    if (aiVersion !== undefined && !aiVersion.startsWith(`${KNOWN_MAJOR}.`)) {
      this.#work.sayOnce(`version ${aiVersion} of the AI SDK is not known, its agents are not observed`);
      return outer;
    }
    // What a tool has begun may outlast the call that the tool was of.
    const isPart = functionId === undefined && outer !== undefined && !outer.invocation.isOver;
    const invocation = isPart
      ? outer.invocation
      : this.#work.begin(functionId, () => this.#forget(invocation));
    const call = { invocation, isPart, isStream: type === "streamText", unheard: [] };
    this.#calls.set(callId, call);
    return call;
  }

  /** Calls within an invocation that is over may never end. */
  #forget(invocation: Invocation): void {
    for (const [callId, call] of this.#calls) if (call.invocation === invocation) this.#calls.delete(callId);
  }

  #partBegins(call: Call, message: Message): void {
    const { type, event } = message;
    if (type === "executeTool")
      this.#tools.set(message, call.invocation.toolStarts(event?.toolCall?.toolName ?? "unknown"));
    else if (type === "step" || type === "languageModelCall") delete call.modelError;
    if (type === "step") call.invocation.goesOn();
    if (type === "languageModelCall") this.#models.set(message, call.invocation.modelStarts(event?.modelId));
  }

  #onEnd(message: Message): void {
    const { type, event, result, error } = message;
    const call = this.#calls.get(event?.callId ?? "");
    if (call === undefined) return;
    if (type === "languageModelCall") {
      this.#models.get(message)?.();
      if (error !== undefined) modelFailed(call, error);
      else if (result?.usage !== undefined) {
        call.invocation.modelEnded("success");
        call.unheard?.push(modelEndOf(event, result.usage));
      }
    }
    if (type === "executeTool") this.#onToolEnd(message, result, error);
    if (!INVOCATIONS.includes(type)) return;
    for (const model of call.unheard ?? []) tellTokens(call.invocation, model);
    if (call.isPart) {
      this.#calls.delete(event?.callId ?? "");
      return;
    }
    const failed = type === "streamText" && !isAbort(error) ? (call.modelError ?? error) : error;
    if (failed === undefined) call.invocation.end("success");
    else if (isAbort(failed)) call.invocation.end("cancelled");
    else call.invocation.end("failure", errorTypeOf(failed));
  }

  #onToolEnd(message: Message, result: Message["result"], thrown: unknown): void {
    const end = this.#tools.get(message);
    const isError = thrown !== undefined || result?.output?.type === "tool-error";
    const error = thrown ?? result?.output?.error;
    if (!isError) end?.("success");
    else if (isAbort(error)) end?.("cancelled");
    else end?.("failure", errorTypeOf(error));
  }

  #onModelEnd(event: unknown): void {
    this.#safely(() => {
      const model = event as ModelEnd;
      const call = this.#calls.get(model.callId ?? "");
      if (call === undefined) return;
      call.unheard = undefined;
      call.invocation.modelEnded("success");
      tellTokens(call.invocation, model);
    });
  }

  #onStepEnd(event: unknown): void {
    this.#safely(() => {
      const { callId, finishReason } = event as { callId?: string; finishReason?: string };
      const call = this.#calls.get(callId ?? "");
      if (call?.isStream && finishReason === "error") modelFailed(call, { name: BROKEN_STREAM });
    });
  }

  /** What goes wrong here must not reach the application: a channel would make it an uncaught exception. */
  #safely<Result>(look: () => Result): Result | undefined {
    try {
      return look();
    } catch (error) {
      this.#work.sayOnce(`a message of the AI SDK could not be read: ${errorTypeOf(error)}`);
      return undefined;
    }
  }
}

function modelFailed(call: Call, error: unknown): void {
  call.modelError = error;
  if (isAbort(error)) call.invocation.modelEnded("cancelled");
  else call.invocation.modelEnded("failure", errorTypeOf(error));
}
