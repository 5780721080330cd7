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

/** Told to come back later: the server may well take the same request then. */
const LATER = [408, 425, 429];

/**
 * Posts JSON. Follows no redirect, because an address that was configured is not the one that a server names, and reads
 * no answer beyond its status.
 *
 * @throws DeliveryError for any answer but 2xx, and when there is none.
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
  await response.body?.cancel();
  if (response.ok) return;
  const { status } = response;
  if (status >= 300 && status < 400)
    throw new DeliveryError(`it answered ${status}, and redirects are not followed`, false);
  throw new DeliveryError(`it answered ${status}`, status >= 500 || LATER.includes(status), {
    retryAfterMillis: retryAfterMillis(response, now),
  });
}

/** Without the address, which may hold a token. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? "no reason given";
}

/** Answers of a server that has too much to do, now or from us. */
const OVERLOADED = [429, 503];

/**
 * How long a server that has too much to do asks to be left alone: its `Retry-After`, in seconds or as a date, which is
 * read against the server's own clock, or ours where it does not say what time it has. 0 where it asks for nothing, or for nothing that can be understood.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 *
 * @param now epoch milliseconds
 */
function retryAfterMillis({ status, headers }: Response, now: number): number {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (!OVERLOADED.includes(status)) return 0;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Dates begin with a letter; what does not, such as "-5" or "1.5", `Date.parse` would take for one.
  if (!/^[A-Z]/.test(text)) return 0;
  const theirs = Date.parse(headers.get("date") ?? "");
  const millis = Date.parse(text) - (Number.isNaN(theirs) ? now : theirs);
  return millis > 0 ? millis : 0;
}
