/** A delivery that did not succeed, and whether it makes sense to try again. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly mayRetry: boolean;

  constructor(message: string, mayRetry: boolean, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.mayRetry = mayRetry;
  }
}
