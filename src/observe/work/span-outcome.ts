import { type Attributes, type HrTime, type SpanStatus, SpanStatusCode } from "@opentelemetry/api";
import { ATTR_ERROR_TYPE, ATTR_EXCEPTION_TYPE } from "@opentelemetry/semantic-conventions";
import type { TaskOutcome } from "../../agents/events.ts";

export interface EndedSpan {
  readonly attributes: Attributes;
  readonly status: SpanStatus;
  readonly events: readonly { readonly name: string; readonly attributes?: Attributes }[];
}

export interface SpanOutcome {
  readonly outcome: TaskOutcome;
  readonly errorType?: string;
}

/** Names by which an abort goes: that of the web platform, of Python's asyncio, of gRPC, and the plain words. */
const ABORTS = /^(\w+\.)*(abort(ed)?(error)?|cancel(l)?ed(error)?)$/i;

/**
 * How the work of a span ended. It failed when its status is an error, or when it has an `error.type` and nobody set the
 * status to OK; an error that is an abort is a cancellation. Messages are not read.
 */
export function outcomeOf({ attributes, status, events }: EndedSpan): SpanOutcome {
  const given = attributes[ATTR_ERROR_TYPE];
  const named = typeof given === "string" && given !== "" ? given : undefined;
  const isError =
    status.code === SpanStatusCode.ERROR || (named !== undefined && status.code !== SpanStatusCode.OK);
  if (!isError) return { outcome: "success" };
  const exception = events.findLast(({ name }) => name === "exception")?.attributes?.[ATTR_EXCEPTION_TYPE];
  const errorType = named ?? (typeof exception === "string" ? exception : undefined);
  if (errorType === undefined) return { outcome: "failure" };
  return ABORTS.test(errorType) ? { outcome: "cancelled" } : { outcome: "failure", errorType };
}

/** A duration of the SDK, in seconds. */
export function secondsOf([seconds, nanos]: HrTime): number {
  return Math.max(0, seconds + nanos / 1e9);
}
