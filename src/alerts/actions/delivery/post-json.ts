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
    retryAfterMillis: retryAfterMillis(response, now),
  });
}

/** The reason without the address, which may contain a token. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? "no reason given";
}

/** Statuses of a server that is overloaded, or that limits our requests. */
const OVERLOADED = [429, 503];

/**
 * The wait that an overloaded server asks for: its `Retry-After`, in seconds or as a date. A date
 * is compared with the server's clock, or with ours if the answer has no `Date`. 0 without a valid
 * `Retry-After`.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 *
 * @param now epoch milliseconds
 */
function retryAfterMillis({ status, headers }: Response, now: number): number {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (!OVERLOADED.includes(status)) return 0;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // A date begins with a letter. `Date.parse` would also accept texts such as "-5" or "1.5".
  if (!/^[A-Z]/.test(text)) return 0;
  const theirs = Date.parse(headers.get("date") ?? "");
  const millis = Date.parse(text) - (Number.isNaN(theirs) ? now : theirs);
  return millis > 0 ? millis : 0;
}
