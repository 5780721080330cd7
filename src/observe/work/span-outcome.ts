import { type Attributes, type HrTime, type SpanStatus, SpanStatusCode } from "@opentelemetry/api";
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from "@opentelemetry/semantic-conventions";
import { endingOfErrorName } from "../../agents/error-policy.ts";
import type { TaskOutcome } from "../../agents/events.ts";

/** The fields of an ended span that decide on its outcome. */
export interface SpanStatusFields {
  readonly attributes: Attributes;
  readonly status: SpanStatus;
  readonly events: readonly { readonly name: string; readonly attributes?: Attributes }[];
}

/** How the work of a span ended. A failure may have an error type. */
export interface SpanOutcome {
  readonly outcome: TaskOutcome;
  readonly errorType?: string;
}

/**
 * `recordException` uses the code of an error as its type. The code of a `DOMException` is a number
 * without a meaning.
 */
const NUMBER = /^\d+$/;
/** A stack trace begins with the class of the error. Messages are not read. */
const CLASS_OF_TRACE = /^([A-Za-z_$][\w$.]{0,119})(?=[:\s]|$)/;

/** Tools of Genkit throw it to ask a person. The call counts when the agent goes on with the answer. */
const ASKS_A_PERSON = "ToolInterruptError";

/**
 * How the work of a span ended. It failed if its status is an error, or if it has an `error.type`
 * and its status is not OK. If the error is an abort, it was cancelled. Messages are not read.
 */
export function outcomeOf({ attributes, status, events }: SpanStatusFields): SpanOutcome {
  const given = attributes[ATTR_ERROR_TYPE];
  const named = typeof given === "string" && given !== "" ? given : undefined;
  const isError =
    status.code === SpanStatusCode.ERROR || (named !== undefined && status.code !== SpanStatusCode.OK);
  if (!isError) return { outcome: "success" };
  const errorType = named ?? typeOfException(events.findLast(({ name }) => name === "exception")?.attributes);
  if (errorType === ASKS_A_PERSON) return { outcome: "cancelled" };
  return errorType === undefined ? { outcome: "failure" } : endingOfErrorName(errorType);
}

function typeOfException(exception: Attributes | undefined): string | undefined {
  const { [ATTR_EXCEPTION_TYPE]: type, [ATTR_EXCEPTION_STACKTRACE]: trace } = exception ?? {};
  if (typeof type !== "string") return undefined;
  const errorClass =
    NUMBER.test(type) && typeof trace === "string" ? CLASS_OF_TRACE.exec(trace)?.[1] : undefined;
  return errorClass ?? type;
}

/** Converts a duration of the SDK to seconds. */
export function secondsOf([seconds, nanos]: HrTime): number {
  return Math.max(0, seconds + nanos / 1e9);
}
