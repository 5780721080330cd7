/** Why a request is refused: values of the label `reason`. */
export type RefusalReason =
  | "wrong_method"
  | "unsupported_encoding"
  | "unsupported_type"
  | "too_large"
  | "not_ready"
  | "overloaded"
  | "timed_out"
  | "malformed"
  | "bad_labels"
  | "bad_query"
  | "too_many_samples"
  | "failed";

/** How the answer to a refused request is written, beside its status. */
interface RefusalHeaders {
  readonly "retry-after"?: number;
  readonly allow?: string;
}

/** A request that is answered by a status of an error. The message is the text of the answer. */
export class RefusedRequest extends Error {
  override readonly name = "RefusedRequest";
  readonly status: number;
  readonly reason: RefusalReason;
  readonly headers: RefusalHeaders;

  constructor(
    refusal: { readonly status: number; readonly reason: RefusalReason; readonly headers?: RefusalHeaders },
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = refusal.status;
    this.reason = refusal.reason;
    this.headers = refusal.headers ?? {};
  }
}

/** The client has closed its connection before its request was complete. Nobody waits for an answer. */
export class GoneClient extends Error {
  override readonly name = "GoneClient";
}
