/** A delivery that did not succeed, and whether it makes sense to try again. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly mayRetry: boolean;
  /** Milliseconds that the receiver asks to be left alone for. */
  readonly retryAfterMillis: number;

  constructor(message: string, mayRetry: boolean, more: { cause?: unknown; retryAfterMillis?: number } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.mayRetry = mayRetry;
    this.retryAfterMillis = more.retryAfterMillis ?? 0;
  }
}
