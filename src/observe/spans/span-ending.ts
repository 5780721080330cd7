import { SpanStatusCode } from "@opentelemetry/api";
import type { SpanOutcome, SpanStatusFields } from "../work/span-outcome.ts";
import { endingOfSpan } from "./ai-sdk-endings.ts";
import { type NamedSpan, scopeOf } from "./span-reading.ts";

const ANTHROPIC_SCOPE = /^com\.anthropic\.sdk\b/;

/** How the work of a span ended. */
export function endingOf(span: SpanStatusFields & NamedSpan): SpanOutcome {
  return wasGivenUp(span) ? { outcome: "cancelled" } : endingOfSpan(span);
}

/** The SDK of Anthropic sets a status, unless the application has aborted the work or reads no further. */
function wasGivenUp(span: SpanStatusFields & NamedSpan): boolean {
  return span.status.code === SpanStatusCode.UNSET && ANTHROPIC_SCOPE.test(scopeOf(span) ?? "");
}
