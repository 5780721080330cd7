import { endingOfErrorName } from "../../agents/error-policy.ts";
import type { TaskOutcome } from "../../agents/events.ts";
import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import { classOfText } from "../../core/error-name.ts";
import { digestOf } from "../work/repeated-calls.ts";
import type { ModelCall } from "../work/work-log.ts";

/**
 * The text of an `APIUserAbortError`, which `openai` throws when its caller aborts. Its name is
 * just `Error`.
 */
const GIVEN_UP = "Error: Request was aborted.";

const OPENAI = "openai";

/** The parts of the input. OpenAI reports no writes to its cache; other providers do. */
interface Details {
  readonly cached_tokens?: number;
  readonly cache_write_tokens?: number;
}

interface Usage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  /** In the answer of a chat completion. */
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: Details;
  /** In a turn. */
  readonly cached_input_tokens?: number;
  readonly cache_write_input_tokens?: number;
  /** In a response. */
  readonly input_tokens_details?: Details;
  /** In a generation. */
  readonly details?: Details;
}

/** The data of a span of the Agents SDK. Only these fields are read. */
export interface SpanData {
  readonly type: string;
  readonly name?: string;
  readonly usage?: Usage;
  readonly model?: string;
  /** The input of a generation or a response. Only its presence is read; of a function its digest. */
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

/** The type of a span (`agent`, `function`, `turn`, ...) and the name in it. */
export interface SpanKind {
  readonly type: string;
  readonly name: string | undefined;
}

/** The fields of a started span that are kept. */
export interface StartedSpan extends SpanKind {
  readonly spanId: string;
  readonly parentId: string | null;
}

/** The fields of an ended span that are kept. */
export interface EndedSpan extends StartedSpan {
  readonly outcome: TaskOutcome;
  readonly errorType?: string;
  readonly usage: TokenUsage | undefined;
  readonly model: Partial<ModelCall>;
  /**
   * Whether it is a model call whose stream was given up half-way. The SDK reports no error then.
   */
  readonly wasGivenUp: boolean;
  /** Of the arguments of a function, which its span has only at its end. */
  readonly argumentsDigest: number | undefined;
}

/** The fields of a started span that are kept. */
export function startedSpan({ spanId, parentId, spanData: { type, name } }: Span): StartedSpan {
  return { spanId, parentId, type, name };
}

/** The fields of an ended span that are kept, with its outcome and tokens. */
export function endedSpan(span: Span): EndedSpan {
  const { spanData, error } = span;
  const how = outcomeOf(error);
  return {
    ...startedSpan(span),
    ...how,
    usage: usageOf(spanData),
    model: modelOf(spanData),
    wasGivenUp: how.outcome === "success" && hasNoAnswer(spanData),
    argumentsDigest: spanData.type === "function" ? digestOf(spanData.input) : undefined,
  };
}

/** Whether a span is a call of a model. */
export function isModelCall({ type }: SpanKind): boolean {
  return type === "generation" || type === "response";
}

/**
 * If an application hides the inputs, it hides the answers too: then it is unknown whether there
 * was one.
 */
function hasNoAnswer(data: SpanData): boolean {
  if (data.type === "response") return data._input !== undefined && data._response === undefined;
  return data.type === "generation" && data.input !== undefined && data.output === undefined;
}

function outcomeOf(error: Span["error"]): { outcome: TaskOutcome; errorType?: string } {
  if (error === null || error === undefined) return { outcome: "success" };
  const text = error.data?.error;
  if (typeof text !== "string") return { outcome: "failure" };
  if (text === GIVEN_UP) return { outcome: "cancelled" };
  const errorType = classOfText(text);
  return errorType === undefined ? { outcome: "failure" } : endingOfErrorName(errorType);
}

/** The tokens of a turn or of a model call, if its span has them. */
export function usageOf({ usage, _response, output }: SpanData): TokenUsage | undefined {
  const reported = usage ?? _response?.usage ?? usageOfAnswer(output);
  const details = reported?.input_tokens_details ?? reported?.prompt_tokens_details ?? reported?.details;
  return tokenUsage(
    reported?.input_tokens ?? reported?.prompt_tokens,
    reported?.output_tokens ?? reported?.completion_tokens,
    reported?.cached_input_tokens ?? details?.cached_tokens,
    reported?.cache_write_input_tokens ?? details?.cache_write_tokens,
  );
}

/** The output of a chat completion's span is the whole answer. */
function usageOfAnswer(output: unknown): Usage | undefined {
  return Array.isArray(output) ? (output[0] as { usage?: Usage } | undefined)?.usage : undefined;
}

/**
 * The model of a span. Its provider is known only for OpenAI's own protocol: others use the older
 * one too.
 */
export function modelOf({ type, model, _response }: SpanData): Partial<ModelCall> {
  return { model: _response?.model ?? model, provider: type === "response" ? OPENAI : undefined };
}
