import { endingOfErrorName } from "../../agents/error-policy.ts";
import type { TaskOutcome } from "../../agents/events.ts";
import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import type { ModelCall } from "../work/work-log.ts";

/** "RangeError: the message": the class of the error, and nothing of the message. */
const ERROR_CLASS = /^([A-Z]\w{0,60}):/;
/** What `openai` throws when its caller aborts: `APIUserAbortError`, which calls itself just an error. */
const GIVEN_UP = "Error: Request was aborted.";

const OPENAI = "openai";

interface Usage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  /** Of what a chat completion answered. */
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number };
  /** Of a turn. */
  readonly cached_input_tokens?: number;
  /** Of a response. */
  readonly input_tokens_details?: { readonly cached_tokens?: number };
  /** Of a generation. */
  readonly details?: { readonly cached_tokens?: number };
}

/** What a span of the Agents SDK says of itself. Only these are read. */
export interface SpanData {
  readonly type: string;
  readonly name?: string;
  readonly usage?: Usage;
  readonly model?: string;
  /** What a generation and a response were asked; it is only looked whether it is there. */
  readonly input?: unknown;
  readonly _input?: unknown;
  readonly output?: unknown;
  readonly _response?: { readonly model?: string; readonly usage?: Usage };
}

/** A span of the Agents SDK. */
export interface Span {
  readonly spanId: string;
  readonly parentId: string | null;
  readonly spanData: SpanData;
  readonly error: { readonly message?: string; readonly data?: { readonly error?: unknown } } | null;
}

export interface SpanKind {
  readonly type: string;
  readonly name: string | undefined;
}

/** What is taken from a span that has started. */
export interface StartedSpan extends SpanKind {
  readonly spanId: string;
  readonly parentId: string | null;
}

/** What is taken from a span that has ended. */
export interface EndedSpan extends StartedSpan {
  readonly outcome: TaskOutcome;
  readonly errorType?: string;
  readonly usage: TokenUsage | undefined;
  readonly model: Partial<ModelCall>;
  /** Whether it is a model call whose stream was given up half-way, which is no error to the SDK. */
  readonly wasGivenUp: boolean;
}

export function startedSpan({ spanId, parentId, spanData: { type, name } }: Span): StartedSpan {
  return { spanId, parentId, type, name };
}

export function endedSpan(span: Span): EndedSpan {
  const { spanData, error } = span;
  const how = outcomeOf(error);
  return {
    ...startedSpan(span),
    ...how,
    usage: usageOf(spanData),
    model: modelOf(spanData),
    wasGivenUp: how.outcome === "success" && hasNoAnswer(spanData),
  };
}

export function isModelCall({ type }: SpanKind): boolean {
  return type === "generation" || type === "response";
}

/** Where an application hides what is asked, it hides the answer too: then nobody knows. */
function hasNoAnswer(data: SpanData): boolean {
  if (data.type === "response") return data._input !== undefined && data._response === undefined;
  return data.type === "generation" && data.input !== undefined && data.output === undefined;
}

function outcomeOf(error: Span["error"]): { outcome: TaskOutcome; errorType?: string } {
  if (error === null || error === undefined) return { outcome: "success" };
  const told = error.data?.error;
  if (typeof told !== "string") return { outcome: "failure" };
  const errorType = ERROR_CLASS.exec(told)?.[1];
  if (errorType === undefined) return { outcome: "failure" };
  return told === GIVEN_UP ? { outcome: "cancelled" } : endingOfErrorName(errorType);
}

/** Tokens of a turn or of a model call, where its span tells them. */
export function usageOf({ usage, _response, output }: SpanData): TokenUsage | undefined {
  const told = usage ?? _response?.usage ?? usageOfAnswer(output);
  const cached =
    told?.cached_input_tokens ??
    told?.input_tokens_details?.cached_tokens ??
    told?.prompt_tokens_details?.cached_tokens ??
    told?.details?.cached_tokens;
  return tokenUsage(
    told?.input_tokens ?? told?.prompt_tokens,
    told?.output_tokens ?? told?.completion_tokens,
    cached,
  );
}

/** A chat completion is kept whole as the one output of its span. */
function usageOfAnswer(output: unknown): Usage | undefined {
  return Array.isArray(output) ? (output[0] as { usage?: Usage } | undefined)?.usage : undefined;
}

/** Which model a span asked. Whose it is, is known of OpenAI's own protocol alone: others speak the older one too. */
export function modelOf({ type, model, _response }: SpanData): Partial<ModelCall> {
  return { model: _response?.model ?? model, provider: type === "response" ? OPENAI : undefined };
}
