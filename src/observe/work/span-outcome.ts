import { type Attributes, type HrTime, type SpanStatus, SpanStatusCode } from "@opentelemetry/api";
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from "@opentelemetry/semantic-conventions";
import { endingOfErrorName } from "../../agents/error-policy.ts";
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

/** `recordException` writes the code of an error as its type: a number of a `DOMException` says nothing. */
const NUMBER = /^\d+$/;
/** The class of an error, with which its stack trace begins. Messages are not read. */
const CLASS_OF_TRACE = /^([A-Za-z_$][\w$.]{0,119})(?=[:\s]|$)/;

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
  const errorType = named ?? typeOfException(events.findLast(({ name }) => name === "exception")?.attributes);
  return errorType === undefined ? { outcome: "failure" } : endingOfErrorName(errorType);
}

function typeOfException(exception: Attributes | undefined): string | undefined {
  const { [ATTR_EXCEPTION_TYPE]: type, [ATTR_EXCEPTION_STACKTRACE]: trace } = exception ?? {};
  if (typeof type !== "string") return undefined;
  const errorClass =
    NUMBER.test(type) && typeof trace === "string" ? CLASS_OF_TRACE.exec(trace)?.[1] : undefined;
  return errorClass ?? type;
}

/** A duration of the SDK, in seconds. */
export function secondsOf([seconds, nanos]: HrTime): number {
  return Math.max(0, seconds + nanos / 1e9);
}
