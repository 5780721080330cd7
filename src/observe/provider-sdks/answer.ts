import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import { anthropicUsage } from "../work/anthropic-usage.ts";
import type { ModelUse } from "../work/model-call.ts";

/** The data of a model call that an answer, or an event of a stream, has. Texts are not read. */
export interface AnswerPart extends ModelUse {
  /** What the provider has asked models for beside the answer, up to now. The usage of the answer lacks it. */
  readonly beside?: readonly ModelUse[] | undefined;
  /** Whether the model has said all it had to say. */
  readonly isComplete?: boolean;
  /** Whether it has output of the model. */
  readonly hasOutput?: boolean;
  /** The kind of an error that came inside a stream. */
  readonly errorType?: string | undefined;
  readonly isCancelled?: boolean;
  /** The id of an answer that the provider is still working at. */
  readonly pendingId?: string | undefined;
}

/** The states of an answer that the provider is still working at. */
const WORKING: readonly unknown[] = ["queued", "in_progress"];

export interface Stateful {
  readonly id?: string;
  readonly status?: string;
}

/** What the state of an answer tells. */
export function stateOf({ id, status }: Stateful, failed: string): AnswerPart {
  const isWorking = WORKING.includes(status);
  return {
    isComplete: status !== undefined && !isWorking,
    isCancelled: status === "cancelled",
    errorType: status === "failed" ? failed : undefined,
    pendingId: isWorking ? id : undefined,
  };
}

interface OpenAiDetails {
  readonly cached_tokens?: unknown;
  readonly cache_write_tokens?: unknown;
}

interface OpenAiUsage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
  readonly input_tokens?: unknown;
  readonly output_tokens?: unknown;
  readonly prompt_tokens_details?: OpenAiDetails | null;
  readonly input_tokens_details?: OpenAiDetails | null;
}

function openAiUsage(usage: OpenAiUsage | null | undefined): TokenUsage | undefined {
  const details = usage?.input_tokens_details ?? usage?.prompt_tokens_details;
  return tokenUsage(
    usage?.input_tokens ?? usage?.prompt_tokens,
    usage?.output_tokens ?? usage?.completion_tokens,
    details?.cached_tokens,
    details?.cache_write_tokens,
  );
}

/** Of OpenAI's `ChatCompletion` and `ChatCompletionChunk`, its older `Completion`, and its embeddings. */
export function readChatCompletion(part: unknown): AnswerPart {
  const { usage, model, choices } = part as {
    readonly usage?: OpenAiUsage | null;
    readonly model?: string;
    readonly choices?: readonly {
      readonly finish_reason?: unknown;
      readonly delta?: object | null;
      readonly text?: string;
    }[];
  };
  const isComplete = choices?.some(({ finish_reason: reason }) => typeof reason === "string") === true;
  const hasOutput = choices?.some(({ delta, text }) => hasWritten(delta) || text) === true;
  return { usage: openAiUsage(usage), model, isComplete, hasOutput };
}

/** The first chunk of a stream may have a role and an empty text only. */
function hasWritten(delta: object | null | undefined): boolean {
  return Object.entries(delta ?? {}).some(([key, value]) => key !== "role" && value !== "" && value !== null);
}

interface OpenAiResponse extends Stateful {
  readonly usage?: OpenAiUsage | null;
  readonly model?: string;
}

const FAILED = "response.failed";
const ENDS_OF_RESPONSE = ["response.completed", "response.incomplete", FAILED];

/** Of OpenAI's `Response` and the events of its streams, of its `CompactedResponse` and its `Decision`. */
export function readResponse(part: unknown): AnswerPart {
  const { type, response } = part as { readonly type?: string; readonly response?: OpenAiResponse };
  const whole = response ?? (type === undefined ? (part as OpenAiResponse) : {});
  const read = { ...stateOf(whole, FAILED), usage: openAiUsage(whole.usage), model: whole.model };
  if (type === undefined) return read;
  const isError = type === "error" || type === FAILED;
  return {
    ...read,
    isComplete: isError || ENDS_OF_RESPONSE.includes(type),
    hasOutput: type.endsWith(".delta"),
    errorType: isError ? type : undefined,
  };
}

interface AnthropicUsage {
  readonly input_tokens?: unknown;
  readonly output_tokens?: unknown;
  readonly cache_read_input_tokens?: unknown;
  readonly cache_creation_input_tokens?: unknown;
  readonly iterations?:
    | readonly (AnthropicUsage & { readonly type?: string; readonly model?: string })[]
    | null;
}

/** The calls of models that are no part of the usage of a message. */
const BESIDE_MESSAGE: readonly unknown[] = ["compaction", "advisor_message"];

/**
 * Of Anthropic's `Message` and the events of its streams. The first event has the tokens of the
 * input, a later one all that were written up to then.
 */
export function readMessage(part: unknown): AnswerPart {
  const { type, message, usage, model } = part as {
    readonly type?: string;
    readonly message?: { readonly usage?: AnthropicUsage; readonly model?: string };
    readonly usage?: AnthropicUsage | null;
    readonly model?: string;
  };
  const used = message?.usage ?? usage;
  return {
    usage: messageUsage(used),
    beside: usedBeside(used),
    model: message?.model ?? model,
    isComplete: type === "message_stop",
    hasOutput: type === "content_block_delta",
  };
}

function messageUsage(usage: AnthropicUsage | null | undefined): TokenUsage | undefined {
  return anthropicUsage({
    input: usage?.input_tokens,
    output: usage?.output_tokens,
    cacheRead: usage?.cache_read_input_tokens,
    cacheWrite: usage?.cache_creation_input_tokens,
  });
}

function usedBeside(usage: AnthropicUsage | null | undefined): readonly ModelUse[] | undefined {
  return usage?.iterations
    ?.filter(({ type }) => BESIDE_MESSAGE.includes(type))
    .map((iteration) => ({ usage: messageUsage(iteration), model: iteration.model }));
}
