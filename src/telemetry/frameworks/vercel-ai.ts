import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";
import type { AgentWork } from "./agent-work.ts";
import { errorTypeOf, isAbort } from "./error-type.ts";
import type { Invocation } from "./invocation.ts";

const CHANNEL = "ai:telemetry";
/** Major version whose messages are understood. */
const KNOWN_MAJOR = "7";
/** What a stream failed with that broke off: the SDK does not say. */
const BROKEN_STREAM = "stream_error";
const INVOCATIONS = ["generateText", "streamText"];

/** What the SDK publishes: the same object at the start and at the end of a piece of work. Only these are read. */
interface Message {
  readonly type: string;
  readonly event?: {
    readonly callId?: string;
    readonly functionId?: string;
    readonly aiVersion?: string;
    readonly toolCall?: { readonly toolName?: string };
  };
  readonly result?: { readonly output?: { readonly type?: string; readonly error?: unknown } };
  readonly error?: unknown;
}

interface Call {
  readonly invocation: Invocation;
  /** What the last model call failed with: of a stream the SDK tells only that there was no output, or nothing. */
  modelError?: unknown;
}

/** The SDK calls what it finds in this list, the registry behind its `registerTelemetry`. */
type Registry = { AI_SDK_TELEMETRY_INTEGRATIONS?: object[] };

/**
 * Observes the agents of Vercel's AI SDK 7 by the tracing channel that it publishes to. An agent is known by its
 * `functionId`. A call without one is the process's agent; within a tool of another call it is part of that tool.
 */
export class VercelAiObserver {
  readonly #work: AgentWork;
  readonly #calls = new Map<string, Call>();
  readonly #current = new AsyncLocalStorage<Call>();
  readonly #channel = tracingChannel<unknown, object>(CHANNEL);
  readonly #subscribers = {
    start: (): void => {},
    end: (): void => {},
    asyncStart: (): void => {},
    asyncEnd: (message: object): void => this.#safely(() => this.#onEnd(message as Message)),
    error: (): void => {},
  };
  /** A stream that breaks off half-way ends without an error on the channel. */
  readonly #integration = { onStepEnd: (event: unknown): void => this.#onStepEnd(event) };

  constructor(work: AgentWork) {
    this.#work = work;
  }

  start(): void {
    this.#channel.subscribe(this.#subscribers);
    this.#channel.start.bindStore(this.#current, (message) => this.#begin(message as Message));
    const registry = globalThis as Registry;
    registry.AI_SDK_TELEMETRY_INTEGRATIONS ??= [];
    registry.AI_SDK_TELEMETRY_INTEGRATIONS.push(this.#integration);
  }

  stop(): void {
    this.#channel.unsubscribe(this.#subscribers);
    this.#channel.start.unbindStore(this.#current);
    const integrations = (globalThis as Registry).AI_SDK_TELEMETRY_INTEGRATIONS;
    const place = integrations?.indexOf(this.#integration) ?? -1;
    if (place >= 0) integrations?.splice(place, 1);
  }

  /** The call that the work belongs to from here on. */
  #begin(message: Message): Call {
    const outer = this.#current.getStore();
    // Where there is no call there is none to belong to: the store may be empty.
    return this.#safely(() => this.#callOf(message, outer)) ?? (outer as Call);
  }

  #callOf({ type, event }: Message, outer: Call | undefined): Call | undefined {
    const { callId, functionId, aiVersion } = event ?? {};
    if (callId === undefined) return outer;
    if (!INVOCATIONS.includes(type)) {
      const call = this.#calls.get(callId);
      if (type === "step" || type === "languageModelCall") {
        call?.invocation.goesOn();
        if (call !== undefined) delete call.modelError;
      }
      return outer;
    }
    if (!aiVersion?.startsWith(`${KNOWN_MAJOR}.`)) {
      this.#work.sayOnce(`version ${aiVersion} of the AI SDK is not known, its agents are not observed`);
      return outer;
    }
    if (functionId === undefined && outer !== undefined) return outer;
    const call = {
      invocation: this.#work.begin(functionId, "invoke_agent", () => this.#calls.delete(callId)),
    };
    this.#calls.set(callId, call);
    return call;
  }

  #onEnd({ type, event, result, error }: Message): void {
    const call = this.#calls.get(event?.callId ?? "");
    if (call === undefined) return;
    if (type === "languageModelCall" && error !== undefined) call.modelError = error;
    if (type === "executeTool") this.#onToolEnd(call, event?.toolCall?.toolName ?? "unknown", result, error);
    if (!INVOCATIONS.includes(type)) return;
    const failed = type === "streamText" && !isAbort(error) ? (call.modelError ?? error) : error;
    if (failed === undefined) call.invocation.end("success");
    else if (isAbort(failed)) call.invocation.end("cancelled");
    else call.invocation.end("failure", errorTypeOf(failed));
  }

  #onToolEnd({ invocation }: Call, tool: string, result: Message["result"], thrown: unknown): void {
    const isError = thrown !== undefined || result?.output?.type === "tool-error";
    const error = thrown ?? result?.output?.error;
    if (!isError) invocation.toolEnded(tool, "success");
    else if (isAbort(error)) invocation.toolEnded(tool, "cancelled");
    else invocation.toolEnded(tool, "failure", errorTypeOf(error));
  }

  #onStepEnd(event: unknown): void {
    this.#safely(() => {
      const { callId, finishReason } = event as { callId?: string; finishReason?: string };
      const call = this.#calls.get(callId ?? "");
      if (call !== undefined && finishReason === "error") call.modelError = { name: BROKEN_STREAM };
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
