import { errorTypeOf } from "../core/error-type.ts";
import { messageOf } from "../core/text-of.ts";

/**
 * Why there is no answer:
 * - `unreachable`: there is no connection, or it broke.
 * - `timeout`: the answer did not come in time.
 * - `too_long`: the answer is longer than the limit.
 * - `refused`: the API answered with an error.
 * - `not_understood`: it answered with something else than was asked for.
 * - `stopped`: the caller no longer wants it.
 */
export type FailureReason = "unreachable" | "timeout" | "too_long" | "refused" | "not_understood" | "stopped";

/** What is known of an error beside its reason. */
interface Details {
  readonly status?: number | undefined;
  readonly errorType?: string | undefined;
  readonly retryAfterMillis?: number | undefined;
  readonly cause?: unknown;
}

const TOO_MANY_REQUESTS = 429;
const TOO_LARGE = 413;
/** Prometheus could not execute a query, such as one that loads too many samples. */
const NOT_EXECUTED = 422;

/** A query that was not answered. The message has the address without user and password. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly reason: FailureReason;
  /** The status of HTTP, if there was an answer. */
  readonly status: number | undefined;
  /** What Prometheus calls the error, such as `bad_data`. */
  readonly errorType: string | undefined;
  /** How long the server asks to wait; 0 if it does not say. */
  readonly retryAfterMillis: number;

  constructor(reason: FailureReason, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.reason = reason;
    this.status = details.status;
    this.errorType = details.errorType;
    this.retryAfterMillis = details.retryAfterMillis ?? 0;
  }

  /** Whether the same query may be answered later. */
  get mayRetry(): boolean {
    if (this.reason === "unreachable" || this.reason === "timeout") return true;
    return this.status !== undefined && (this.status === TOO_MANY_REQUESTS || this.status >= 500);
  }

  /** Whether the same query may be answered for a shorter range. */
  get isTooMuch(): boolean {
    if (this.reason === "too_long" || this.reason === "timeout") return true;
    return this.status === TOO_LARGE || this.status === NOT_EXECUTED || this.errorType === "timeout";
  }
}

/** Where and how long an answer was awaited. */
interface Awaited {
  readonly address: string;
  readonly timeoutMillis: number;
  readonly isTooLate: boolean;
  readonly isStopped: boolean;
}

/** What is thrown while an answer is awaited and read, as an `ApiError` with the address. */
export function asApiError(
  error: unknown,
  { address, timeoutMillis, isTooLate, isStopped }: Awaited,
): ApiError {
  const details = { cause: error };
  if (error instanceof ApiError) return new ApiError(error.reason, `${address}: ${error.message}`, error);
  if (isStopped) return new ApiError("stopped", `${address}: the query was stopped`, details);
  if (isTooLate)
    return new ApiError("timeout", `${address}: no answer within ${timeoutMillis / 1000} s`, details);
  const isBroken = error instanceof SyntaxError || error instanceof TypeError;
  if (isBroken) {
    return new ApiError(
      "not_understood",
      `${address}: its answer can't be read: ${messageOf(error)}`,
      details,
    );
  }
  return new ApiError("unreachable", `${address}: ${messageOf(error) || errorTypeOf(error)}`, details);
}
