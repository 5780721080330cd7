import { endingOfError } from "../../agents/error-policy.ts";
import { isCount, type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import type { Invocation } from "../work/invocation.ts";
import type { OpenParts } from "./open-parts.ts";

/** The error type of a stream that broke off: the SDK does not report the error. */
export const BROKEN_STREAM = "stream_error";

/**
 * A message of the SDK: the same object at the start and at the end of work. Only these fields are
 * read.
 */
export interface Message {
  readonly type: string;
  readonly event?: {
    readonly callId?: string;
    readonly functionId?: string;
    readonly aiVersion?: string;
    readonly provider?: string;
    readonly modelId?: string;
    readonly toolCall?: { readonly toolName?: string; readonly input?: unknown };
  };
  readonly result?: {
    readonly output?: { readonly type?: string; readonly error?: unknown };
    readonly usage?: unknown;
  };
  readonly error?: unknown;
}

/** A step or a model call that has ended. */
export interface End {
  readonly callId?: string;
  readonly finishReason?: string;
}

/** A model call that has ended. */
export interface ModelEnd extends End {
  readonly provider?: string | undefined;
  readonly modelId?: string | undefined;
  readonly usage?: unknown;
  /** Of a stream. Older versions have none. */
  readonly performance?: { readonly timeToFirstOutputMs?: unknown };
  /** The parts of the answer, of which only calls of tools are read. */
  readonly content?: unknown;
}

/** A call of `generateText` or `streamText` that is under way. */
export interface Call {
  readonly invocation: Invocation;
  /**
   * Whether the call is part of another call's tool. Then its models and tools belong to the outer
   * agent.
   */
  readonly isPart: boolean;
  readonly isStream: boolean;
  readonly open: OpenParts;
  /**
   * The error of the last model call. For a stream the SDK reports only that there was no output,
   * or nothing.
   */
  modelError?: unknown;
  /**
   * Model calls whose tokens the channel reported. Absent once the registry has reported a call:
   * then it reports all.
   */
  fromChannel: ModelEnd[] | undefined;
  /**
   * The last model call, from its start: `answered` if it may still turn out how it ended, as for a
   * stream, and `over` once its end was counted.
   */
  modelCall: "open" | "answered" | "over";
}

/** The end of a model call that the channel reported. */
export function modelEndOf(event: Message["event"], usage: unknown): ModelEnd {
  return { provider: event?.provider, modelId: event?.modelId, usage };
}

/** In `openai.responses` the first part is the provider. */
export function providerOf(provider: string | undefined): string | undefined {
  return provider?.split(".")[0];
}

/** Records the tokens of a model call. */
export function reportTokens(invocation: Invocation, { usage, modelId, provider }: ModelEnd): void {
  invocation.modelAnswered(usageOf(usage), { model: modelId, provider: providerOf(provider) });
}

/** Records how long the first part of a streamed answer took. */
export function reportFirstToken(invocation: Invocation, { performance, modelId }: ModelEnd): void {
  const millis = performance?.timeToFirstOutputMs;
  if (isCount(millis)) invocation.firstTokenArrived(millis / 1000, modelId);
}

/** A count, or a count with its parts: the SDK reports the first, its models the second. */
type Count =
  | number
  | { readonly total?: number; readonly cacheRead?: number; readonly cacheWrite?: number }
  | undefined;

interface Usage {
  readonly inputTokens?: Count;
  readonly outputTokens?: Count;
  readonly inputTokenDetails?: { readonly cacheReadTokens?: number; readonly cacheWriteTokens?: number };
}

/** The tokens of a model call, as the AI SDK or one of its models reports them. */
export function usageOf(reported: unknown): TokenUsage | undefined {
  const { inputTokens, outputTokens, inputTokenDetails } = (reported ?? {}) as Usage;
  const { cacheRead, cacheWrite } = typeof inputTokens === "object" ? inputTokens : {};
  return tokenUsage(
    total(inputTokens),
    total(outputTokens),
    cacheRead ?? inputTokenDetails?.cacheReadTokens,
    cacheWrite ?? inputTokenDetails?.cacheWriteTokens,
  );
}

function total(count: Count): number | undefined {
  return typeof count === "object" ? count?.total : count;
}

/** Another model call begins. One whose end was not reported has succeeded: the agent goes on. */
export function modelBegins(call: Call): void {
  if (call.modelCall === "answered") modelSucceeded(call);
  call.modelCall = "open";
}

/** Records that a model call succeeded. The channel and the registry both report it. */
export function modelSucceeded(call: Call): void {
  if (call.modelCall !== "over") call.invocation.modelEnded("success");
  call.modelCall = "over";
}

/** Records that the model of a stream failed if the stream broke off. Its step and the call both report it. */
export function failsIfBroken(call: Call, { finishReason }: End): boolean {
  const isBroken = call.isStream && finishReason === "error";
  if (isBroken) modelFailed(call, { name: BROKEN_STREAM });
  return isBroken;
}

/** Records that a model call failed or was aborted. */
export function modelFailed(call: Call, error: unknown): void {
  call.modelError = error;
  const { outcome, errorType } = endingOfError(error);
  if (call.modelCall !== "over") call.invocation.modelEnded(outcome, errorType);
  call.modelCall = "over";
}
