import { messageOf } from "../../core/text-of.ts";
import { MalformedMessage } from "../../wire/malformed-message.ts";
import type { RefusalStatus } from "../../wire/otlp/encode-answer.ts";

/** When a sender that came at a bad time may try again. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Why a request is refused: the status of HTTP, the code of gRPC
 * (https://grpc.io/docs/guides/status-codes), and whether the sender may try again.
 */
const REASONS = {
  malformed: { http: 400, grpc: 3, mayRetry: false },
  not_encrypted: { http: 400, grpc: 9, mayRetry: false },
  unauthenticated: { http: 401, grpc: 16, mayRetry: false },
  forbidden: { http: 403, grpc: 7, mayRetry: false },
  not_found: { http: 404, grpc: 12, mayRetry: false },
  wrong_method: { http: 405, grpc: 12, mayRetry: false },
  timed_out: { http: 408, grpc: 4, mayRetry: false },
  too_large: { http: 413, grpc: 8, mayRetry: false },
  unsupported_type: { http: 415, grpc: 12, mayRetry: false },
  unsupported_encoding: { http: 415, grpc: 12, mayRetry: false },
  rate_limited: { http: 429, grpc: 14, mayRetry: true },
  interrupted: { http: 499, grpc: 1, mayRetry: false },
  internal: { http: 500, grpc: 13, mayRetry: false },
  not_ready: { http: 503, grpc: 14, mayRetry: true },
  overloaded: { http: 503, grpc: 14, mayRetry: true },
} as const;

/** Why a request is refused as a whole. */
export type RefusalReason = keyof typeof REASONS;

/** A request is refused. The message is for its sender. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }

  get httpStatus(): number {
    return REASONS[this.reason].http;
  }

  get status(): RefusalStatus {
    const { grpc, mayRetry } = REASONS[this.reason];
    return {
      code: grpc,
      message: this.message,
      retryAfterSeconds: mayRetry ? RETRY_AFTER_SECONDS : undefined,
    };
  }
}

/** The refusal for anything that was thrown. */
export function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  if (thrown instanceof MalformedMessage) return new Refusal("malformed", messageOf(thrown));
  return new Refusal("internal", "the gateway failed to take the request; its log has the error");
}
