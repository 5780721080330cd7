import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import { addUsage } from "../work/agent-run.ts";
import { type AgentAtWork, inTool } from "../work/current-agent.ts";
import type { CloseCall, EndCall, Invocation } from "../work/invocation.ts";
import { type EndedSpan, isModelCall, type SpanKind } from "./span.ts";

/** Spans of code of the application, beside tools. A guardrail may run while its agent waits for its model. */
const RUN_CODE = ["guardrail", "handoff"];

/** An open span, and the invocation that it belongs to. */
export interface Part {
  readonly invocation: Invocation;
  readonly lastAnswer: LastAnswer;
  /** The agent that code of the application works for, in a tool, a guardrail or a handoff. */
  readonly atWork?: AgentAtWork;
  /** If the agent is a tool of another agent: the turn of the other agent. */
  readonly within?: Turn;
  /** The turn itself, or the turn around the span. */
  readonly turn?: Turn;
  readonly endTool?: EndCall;
  readonly closeModel?: CloseCall;
}

/** The last answer of a model in an invocation. */
export interface LastAnswer {
  wasGivenUp: boolean;
  /**
   * Recorded only when the agent goes on or fails, since an abort looks the same here and is no
   * failure.
   */
  failure?: { readonly errorType: string | undefined } | undefined;
}

/** A step of an agent. It calls a model first. */
interface Turn {
  readonly within: Turn | undefined;
  readonly closeModel: CloseCall;
  /** Whether its model calls have spans of their own. */
  hasAsked: boolean;
  /** Whether it has called a tool. */
  hasCalledTool: boolean;
  /** Whether the spans of model calls have reported their tokens. */
  hasReportedTokens: boolean;
  /** The tokens of agents that are tools in this turn. The turn's own tokens include them. */
  nested: TokenUsage | undefined;
}

/** The part for a span that starts inside another. */
export function partOf({ invocation, lastAnswer, turn, within, atWork }: Part, span: SpanKind): Part {
  const part = { invocation, lastAnswer, ...(turn === undefined ? {} : { turn }) };
  modelHasFailed(part);
  if (span.type === "turn") {
    invocation.goesOn();
    const closeModel = invocation.opensModel();
    const hasNothing = { hasAsked: false, hasCalledTool: false, hasReportedTokens: false, nested: undefined };
    return { invocation, lastAnswer, turn: { within, closeModel, ...hasNothing } };
  }
  if (span.type === "function") {
    turn?.closeModel();
    if (turn !== undefined) turn.hasCalledTool = true;
    const endTool = invocation.toolStarts(span.name ?? "unknown");
    return { ...part, endTool, atWork: inTool(invocation.atWork) };
  }
  if (RUN_CODE.includes(span.type)) return { ...part, atWork: inTool(invocation.atWork) };
  if (!isModelCall(span)) return { ...part, ...(atWork === undefined ? {} : { atWork }) };
  if (turn === undefined) return { ...part, closeModel: invocation.modelStarts() };
  turn.hasAsked = true;
  invocation.askedModel();
  return part;
}

/**
 * Records the failure of the last model call, if it failed: by its own error type, else by that of
 * the error it led to.
 */
export function modelHasFailed({ invocation, lastAnswer }: Part, ledTo?: string): void {
  const { failure } = lastAnswer;
  if (failure === undefined) return;
  lastAnswer.failure = undefined;
  invocation.modelEnded("failure", failure.errorType ?? ledTo);
}

/** Ends a model call. The SDK's own models report their tokens here. */
export function modelCallEnded({ invocation, lastAnswer, turn, closeModel }: Part, ended: EndedSpan): void {
  const { usage, model, wasGivenUp, outcome, errorType } = ended;
  closeModel?.();
  lastAnswer.wasGivenUp = wasGivenUp;
  if (outcome === "failure") lastAnswer.failure = { errorType };
  else if (!wasGivenUp) invocation.modelEnded(outcome);
  if (usage === undefined) return;
  invocation.modelAnswered(usage, model);
  if (turn !== undefined) turn.hasReportedTokens = true;
}

/**
 * Ends a turn. Other models may have no spans: then the turn has their tokens, and shows that a
 * model was called.
 */
export function turnEnded({ invocation, lastAnswer, turn }: Part, { usage, outcome }: EndedSpan): void {
  if (turn === undefined) return;
  turn.closeModel();
  if (usage !== undefined) lastAnswer.wasGivenUp = false;
  if (turn.within !== undefined) turn.within.nested = addUsage(turn.within.nested, usage);
  if (!turn.hasAsked && (usage !== undefined || outcome === "failure")) invocation.askedModel();
  if (!turn.hasAsked && usage !== undefined) invocation.modelEnded("success", undefined, turn.hasCalledTool);
  if (turn.hasReportedTokens) return;
  if (usage !== undefined) invocation.modelAnswered(without(usage, turn.nested));
  else if (outcome === "success" && !lastAnswer.wasGivenUp) invocation.modelAnswered(undefined);
}

/**
 * The turn's tokens without those of nested agents. If a tool starts a run itself, the turn does
 * not include its tokens.
 */
function without(usage: TokenUsage, nested: TokenUsage | undefined): TokenUsage {
  if (nested === undefined || nested.input > usage.input || nested.output > usage.output) return usage;
  const rest = tokenUsage(
    usage.input - nested.input,
    usage.output - nested.output,
    Math.max(0, usage.cachedInput - nested.cachedInput),
    Math.max(0, (usage.cacheWrite ?? 0) - (nested.cacheWrite ?? 0)),
  );
  return rest ?? usage;
}
