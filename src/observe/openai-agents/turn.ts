import type { TokenUsage } from "../../agents/token-usage.ts";
import { addUsage } from "../work/agent-run.ts";
import type { CloseCall, EndCall, Invocation } from "../work/invocation.ts";
import { type EndedSpan, isModelCall, type SpanKind } from "./span.ts";

/** A span that is open, and the invocation that it belongs to. */
export interface Part {
  readonly invocation: Invocation;
  readonly lastAnswer: LastAnswer;
  /** Of an agent that is another's tool: the turn of the other that it works in. */
  readonly within?: Turn;
  /** Of a turn, and of what is in it. */
  readonly turn?: Turn;
  readonly endTool?: EndCall;
  readonly closeModel?: CloseCall;
}

/** Of the model that an invocation asked last. */
export interface LastAnswer {
  wasGivenUp: boolean;
  /** That it failed is told when the agent goes on or fails: an abort, by which nothing has failed, looks the same here. */
  failure?: { readonly errorType: string | undefined } | undefined;
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
export function partOf({ invocation, lastAnswer, turn, within }: Part, span: SpanKind): Part {
  const part = { invocation, lastAnswer, ...(turn === undefined ? {} : { turn }) };
  modelHasFailed(part);
  if (span.type === "turn") {
    invocation.goesOn();
    const closeModel = invocation.opensModel();
    const hasNothing = { hasAsked: false, hasToldTokens: false, nested: undefined };
    return { invocation, lastAnswer, turn: { within, closeModel, ...hasNothing } };
  }
  if (span.type === "function") {
    turn?.closeModel();
    return { ...part, endTool: invocation.toolStarts(span.name ?? "unknown") };
  }
  if (!isModelCall(span)) return part;
  if (turn === undefined) return { ...part, closeModel: invocation.modelStarts() };
  turn.hasAsked = true;
  invocation.askedModel();
  return part;
}

/** Tells of the failure of the model call before, if it failed; by the name that is known of it, or of what it led to. */
export function modelHasFailed({ invocation, lastAnswer }: Part, ledTo?: string): void {
  const { failure } = lastAnswer;
  if (failure === undefined) return;
  lastAnswer.failure = undefined;
  invocation.modelEnded("failure", failure.errorType ?? ledTo);
}

/** A model call tells of its own tokens, where it is of OpenAI's making. */
export function modelCallEnded({ invocation, lastAnswer, turn, closeModel }: Part, ended: EndedSpan): void {
  const { usage, model, wasGivenUp, outcome, errorType } = ended;
  closeModel?.();
  lastAnswer.wasGivenUp = wasGivenUp;
  if (outcome === "failure") lastAnswer.failure = { errorType };
  else if (!wasGivenUp) invocation.modelEnded(outcome);
  if (usage === undefined) return;
  invocation.modelAnswered(usage, model);
  if (turn !== undefined) turn.hasToldTokens = true;
}

/** A model of another make may have no span of its own: then the turn tells what it used, and that it was asked. */
export function turnEnded({ invocation, lastAnswer, turn }: Part, { usage, outcome }: EndedSpan): void {
  if (turn === undefined) return;
  turn.closeModel();
  if (usage !== undefined) lastAnswer.wasGivenUp = false;
  if (turn.within !== undefined) turn.within.nested = addUsage(turn.within.nested, usage);
  if (!turn.hasAsked && (usage !== undefined || outcome === "failure")) invocation.askedModel();
  if (turn.hasToldTokens) return;
  if (usage !== undefined) invocation.modelAnswered(without(usage, turn.nested));
  else if (outcome === "success" && !lastAnswer.wasGivenUp) invocation.modelAnswered(undefined);
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
