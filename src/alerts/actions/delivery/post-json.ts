import { retryAfterMillis } from "../../../core/retry-after.ts";

/** A delivery that failed, and whether a retry makes sense. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly mayRetry: boolean;
  /** Milliseconds that the receiver asks to wait before a retry. */
  readonly retryAfterMillis: number;

  constructor(message: string, mayRetry: boolean, more: { cause?: unknown; retryAfterMillis?: number } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.mayRetry = mayRetry;
    this.retryAfterMillis = more.retryAfterMillis ?? 0;
  }
}

/** Statuses after which the server may accept the same request later. */
const RETRYABLE = [408, 425, 429];

/**
 * Posts JSON. It follows no redirects, because only the configured address may receive alerts. It
 * reads only the status of the answer.
 *
 * @throws DeliveryError for any answer other than 2xx, and if there is no answer.
 */
export async function postJson(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  { signal, now }: { readonly signal: AbortSignal; readonly now: number },
): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", ...headers },
      body,
      signal,
    });
  } catch (error) {
    throw new DeliveryError(`there is no answer (${reasonOf(error)})`, true, { cause: error });
  }
  // A body that is broken does not change the status.
  await response.body?.cancel().catch(() => {});
  if (response.ok) return;
  const { status } = response;
  if (status >= 300 && status < 400)
    throw new DeliveryError(`it answered ${status}, and redirects are not followed`, false);
  throw new DeliveryError(`it answered ${status}`, status >= 500 || RETRYABLE.includes(status), {
    retryAfterMillis: retryAfterMillis(
      status,
      { retryAfter: response.headers.get("retry-after"), date: response.headers.get("date") },
      now,
    ),
  });
}

/** The reason without the address, which may contain a token. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? "no reason given";
}
