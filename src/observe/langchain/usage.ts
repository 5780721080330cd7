import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import { addUsage } from "../work/agent-run.ts";
import type { ModelCall } from "../work/work-log.ts";

/** The fields of a model's result that are read. */
interface Result {
  readonly generations?: readonly (readonly Generation[])[];
  readonly llmOutput?: { readonly tokenUsage?: { promptTokens?: number; completionTokens?: number } };
}

interface Generation {
  readonly message?: {
    readonly usage_metadata?: {
      readonly input_tokens?: number;
      readonly output_tokens?: number;
      readonly input_token_details?: { readonly cache_read?: number; readonly cache_creation?: number };
    };
  };
}

/** The tokens of a model call, by its messages. Older models report them in a summary. */
export function usageOf(output: unknown): TokenUsage | undefined {
  const { generations, llmOutput } = (output ?? {}) as Result;
  let sum: TokenUsage | undefined;
  for (const { message } of generations?.flat() ?? []) {
    const reported = message?.usage_metadata;
    const { cache_read, cache_creation } = reported?.input_token_details ?? {};
    const usage = tokenUsage(reported?.input_tokens, reported?.output_tokens, cache_read, cache_creation);
    sum = addUsage(sum, usage);
  }
  const older = llmOutput?.tokenUsage;
  return sum ?? tokenUsage(older?.promptTokens, older?.completionTokens, undefined);
}

/** The model and its provider, by the metadata of a run of a chat model. */
export function modelOf(metadata: unknown): Partial<ModelCall> {
  const { ls_model_name, ls_provider } = (metadata ?? {}) as Record<string, unknown>;
  return {
    model: typeof ls_model_name === "string" ? ls_model_name : undefined,
    provider: typeof ls_provider === "string" ? ls_provider : undefined,
  };
}
