import type { TaskOutcome } from "../../agents/events.ts";
import { addUsage } from "../genai/agent-run.ts";
import type { TokenUsage } from "../genai/token-usage.ts";
import type { CloseCall, EndCall, Invocation } from "./invocation.ts";
import { modelOf, type SpanData, usageOf } from "./openai-agents-usage.ts";

/** A span that is open, and the invocation that it belongs to. */
export interface Part {
  readonly invocation: Invocation;
  /** Of an agent that is another's tool: the turn of the other that it works in. */
  readonly within?: Turn;
  /** Of a turn, and of what is in it. */
  readonly turn?: Turn;
  readonly endTool?: EndCall;
  readonly closeModel?: CloseCall;
}

/** One step of an agent, which asks a model first. */
interface Turn {
  readonly within: Turn | undefined;
  readonly closeModel: CloseCall;
  hasAsked: boolean;
  /** Whether spans of model calls have told how many tokens they used. */
  hasToldTokens: boolean;
  /** What agents that are tools used in this turn; the turn's own usage has it in it. */
  nested: TokenUsage | undefined;
}

/** What a span is that begins within another. */
export function partOf({ invocation, turn, within }: Part, spanData: SpanData): Part {
  const part = { invocation, ...(turn === undefined ? {} : { turn }) };
  if (spanData.type === "turn") {
    invocation.goesOn();
    const closeModel = invocation.opensModel();
    const hasNothing = { hasAsked: false, hasToldTokens: false, nested: undefined };
    return { invocation, turn: { within, closeModel, ...hasNothing } };
  }
  if (spanData.type === "function") {
    turn?.closeModel();
    return { ...part, endTool: invocation.toolStarts(spanData.name ?? "unknown") };
  }
  if (!isModelCall(spanData)) return part;
  if (turn === undefined) return { ...part, closeModel: invocation.modelStarts() };
  turn.hasAsked = true;
  invocation.askedModel();
  return part;
}

export function isModelCall({ type }: SpanData): boolean {
  return type === "generation" || type === "response";
}

/** A model call tells of its own tokens, where it is of OpenAI's making. */
export function modelCallEnded({ invocation, turn, closeModel }: Part, data: SpanData): void {
  const usage = usageOf(data);
  closeModel?.();
  if (usage === undefined) return;
  invocation.modelAnswered(usage, modelOf(data));
  if (turn !== undefined) turn.hasToldTokens = true;
}

/** A model of another make may have no span of its own: then the turn tells what it used, and that it was asked. */
export function turnEnded({ invocation, turn }: Part, data: SpanData, outcome: TaskOutcome): void {
  if (turn === undefined) return;
  turn.closeModel();
  const usage = usageOf(data);
  if (turn.within !== undefined) turn.within.nested = addUsage(turn.within.nested, usage);
  if (!turn.hasAsked && (usage !== undefined || outcome === "failure")) invocation.askedModel();
  if (turn.hasToldTokens) return;
  if (usage !== undefined) invocation.modelAnswered(without(usage, turn.nested));
  else if (outcome === "success") invocation.modelAnswered(undefined);
}

/** A run that a tool starts by hand is not in the usage of the turn: then there may be less than it used. */
function without(usage: TokenUsage, nested: TokenUsage | undefined): TokenUsage {
  if (nested === undefined || nested.input > usage.input || nested.output > usage.output) return usage;
  return {
    input: usage.input - nested.input,
    output: usage.output - nested.output,
    cachedInput: Math.max(0, usage.cachedInput - nested.cachedInput),
  };
}
