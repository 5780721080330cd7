import { SpanStatusCode } from "@opentelemetry/api";
import { STRANDS } from "../../otel/semconv.ts";
import type { SpanOutcome, SpanStatusFields } from "../work/span-outcome.ts";
import { endingOfSpan } from "./ai-sdk-endings.ts";
import { type NamedSpan, scopeOf } from "./span-reading.ts";

const ANTHROPIC_SCOPE = /^com\.anthropic\.sdk\b/;

/** How the work of a span ended. */
export function endingOf(span: SpanStatusFields & NamedSpan): SpanOutcome {
  if (wasGivenUp(span)) return { outcome: "cancelled" };
  const ending = endingOfSpan(span);
  return ending.outcome === "success" ? (endingInStrands(span) ?? ending) : ending;
}

/** What Strands does not report as an error: tools that did not work without one, and runs that were cancelled. */
function endingInStrands({ attributes, events }: SpanStatusFields): SpanOutcome | undefined {
  if (attributes[STRANDS.toolStatus] === "error") return { outcome: "failure", errorType: "tool_error" };
  const answer = events.findLast(({ name }) => name === STRANDS.answer)?.attributes;
  return answer?.[STRANDS.answerEnd] === "cancelled" ? { outcome: "cancelled" } : undefined;
}

/** The SDK of Anthropic sets a status, unless the application has aborted the work or reads no further. */
function wasGivenUp(span: SpanStatusFields & NamedSpan): boolean {
  return span.status.code === SpanStatusCode.UNSET && ANTHROPIC_SCOPE.test(scopeOf(span) ?? "");
}
