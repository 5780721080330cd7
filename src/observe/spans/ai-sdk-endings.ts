import type { EndedStep } from "../../agents/attempt-tally.ts";
import { AI_SDK } from "../../otel/semconv.ts";
import { outcomeOf, type SpanOutcome, type SpanStatusFields } from "../work/span-outcome.ts";

/** The operations of AI SDK 5 and 6 that are runs of an agent. */
export const AI_SDK_RUNS = { whole: "ai.generateText", stream: "ai.streamText" } as const;
const STREAMS: readonly unknown[] = [AI_SDK_RUNS.stream, "ai.streamText.doStream"];
/** The error type of a stream that broke off: the spans do not name the error. */
const BROKEN_STREAM = "stream_error";

/**
 * How the work of a span ended. AI SDK 5 and 6 set no status for a stream that broke off or was
 * aborted: the first has the finish reason `error`, and the run of the second has none.
 */
export function endingOfSpan(span: SpanStatusFields): SpanOutcome {
  const ending = outcomeOf(span);
  const { [AI_SDK.operationId]: operation, [AI_SDK.finishReason]: reason } = span.attributes;
  if (ending.outcome !== "success" || !STREAMS.includes(operation)) return ending;
  if (reason === "error") return { outcome: "failure", errorType: BROKEN_STREAM };
  return operation === AI_SDK_RUNS.stream && reason === undefined ? { outcome: "cancelled" } : ending;
}

/** How a run ended, whose span may not show that its last model call failed. */
export function endingOfRun<How extends SpanOutcome>(
  how: How,
  { endsLikeLastCall }: { readonly endsLikeLastCall?: true },
  last: EndedStep | undefined,
): How {
  const hasFailed = endsLikeLastCall && last?.taskType === "chat" && last.outcome === "failure";
  if (!hasFailed || how.outcome !== "success") return how;
  return { ...how, outcome: "failure", ...(last.errorType ? { errorType: last.errorType } : {}) };
}
