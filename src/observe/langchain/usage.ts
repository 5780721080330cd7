import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import { addUsage } from "../work/agent-run.ts";
import type { ModelCall } from "../work/work-log.ts";

/** What of a model's result is read. */
interface Result {
  readonly generations?: readonly (readonly Generation[])[];
  readonly llmOutput?: { readonly tokenUsage?: { promptTokens?: number; completionTokens?: number } };
}

interface Generation {
  readonly message?: {
    readonly usage_metadata?: {
      readonly input_tokens?: number;
      readonly output_tokens?: number;
      readonly input_token_details?: { readonly cache_read?: number };
    };
  };
}

/** Tokens of a model call: as its messages tell them, else as its older summary does. */
export function usageOf(output: unknown): TokenUsage | undefined {
  const { generations, llmOutput } = (output ?? {}) as Result;
  let sum: TokenUsage | undefined;
  for (const { message } of generations?.flat() ?? []) {
    const told = message?.usage_metadata;
    const cached = told?.input_token_details?.cache_read;
    sum = addUsage(sum, tokenUsage(told?.input_tokens, told?.output_tokens, cached));
  }
  const older = llmOutput?.tokenUsage;
  return sum ?? tokenUsage(older?.promptTokens, older?.completionTokens, undefined);
}

/** Which model is asked, by the metadata that every run of a chat model has. */
export function modelOf(metadata: unknown): Partial<ModelCall> {
  const { ls_model_name, ls_provider } = (metadata ?? {}) as Record<string, unknown>;
  return {
    model: typeof ls_model_name === "string" ? ls_model_name : undefined,
    provider: typeof ls_provider === "string" ? ls_provider : undefined,
  };
}
