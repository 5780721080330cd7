import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import { type AnswerPart, type Stateful, stateOf } from "./answer.ts";

interface GoogleUsage {
  readonly promptTokenCount?: number;
  readonly toolUsePromptTokenCount?: number;
  readonly candidatesTokenCount?: number;
  readonly thoughtsTokenCount?: number;
  readonly cachedContentTokenCount?: number;
}

/** Of Google's `GenerateContentResponse`, also as a part of a stream. */
export function readGeneratedContent(part: unknown): AnswerPart {
  const { usageMetadata, modelVersion, candidates, promptFeedback } = part as {
    readonly usageMetadata?: GoogleUsage;
    /** If a prompt is blocked, this is the answer. */
    readonly promptFeedback?: { readonly blockReason?: unknown };
    readonly modelVersion?: string;
    readonly candidates?: readonly {
      readonly finishReason?: unknown;
      readonly content?: { readonly parts?: readonly unknown[] };
    }[];
  };
  const isComplete =
    typeof promptFeedback?.blockReason === "string" ||
    candidates?.some(({ finishReason }) => typeof finishReason === "string") === true;
  const hasOutput = candidates?.some(({ content }) => (content?.parts?.length ?? 0) > 0) === true;
  return { usage: googleUsage(usageMetadata), model: modelVersion, isComplete, hasOutput };
}

/** Of Google's `EmbedContentResponse`. Vertex AI tells what each embedding has used. */
export function readEmbeddedContent(part: unknown): AnswerPart {
  const { usageMetadata, embeddings } = part as {
    readonly usageMetadata?: GoogleUsage;
    readonly embeddings?: readonly { readonly statistics?: { readonly tokenCount?: number } }[];
  };
  const ofEach = embeddings?.map(({ statistics }) => statistics?.tokenCount).reduce(together, undefined);
  return { usage: tokenUsage(usageMetadata?.promptTokenCount ?? ofEach, undefined, undefined) };
}

/** Google counts thoughts apart from the answer, and the results of its own tools apart from the prompt. */
function googleUsage(usage: GoogleUsage | undefined): TokenUsage | undefined {
  return tokenUsage(
    together(usage?.promptTokenCount, usage?.toolUsePromptTokenCount),
    together(usage?.candidatesTokenCount, usage?.thoughtsTokenCount),
    usage?.cachedContentTokenCount,
  );
}

function together(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined && other === undefined ? undefined : (one ?? 0) + (other ?? 0);
}

interface InteractionUsage {
  readonly total_input_tokens?: number;
  readonly total_tool_use_tokens?: number;
  readonly total_output_tokens?: number;
  readonly total_thought_tokens?: number;
  readonly total_cached_tokens?: number;
}

interface Interaction extends Stateful {
  readonly usage?: InteractionUsage;
  readonly model?: string;
}

/** Of Google's `Interaction` and the events of its streams, and of its `CreateDecisionResponse`. */
export function readInteraction(part: unknown): AnswerPart {
  const {
    event_type: type,
    metadata,
    ...event
  } = part as Interaction & {
    readonly event_type?: string;
    readonly interaction?: Interaction;
    readonly metadata?: { readonly total_usage?: InteractionUsage };
  };
  const whole: Interaction = event.interaction ?? event;
  const state = stateOf(whole, "interaction.failed");
  const usage = interactionUsage(whole.usage ?? metadata?.total_usage);
  const read = { ...state, usage, model: whole.model };
  if (type === undefined) return read;
  const isError = type === "error";
  return {
    ...read,
    isComplete: isError || type === "interaction.completed",
    hasOutput: type === "step.delta",
    errorType: isError ? type : state.errorType,
  };
}

function interactionUsage(usage: InteractionUsage | undefined): TokenUsage | undefined {
  return tokenUsage(
    together(usage?.total_input_tokens, usage?.total_tool_use_tokens),
    together(usage?.total_output_tokens, usage?.total_thought_tokens),
    usage?.total_cached_tokens,
  );
}
