import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import type { ModelCall } from "../work/work-log.ts";

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
