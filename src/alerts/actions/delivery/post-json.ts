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

/** The text of the error of `fetch` for a port that it asks nothing at. */
const BAD_PORT = "bad port";

/** A request, and when it is given up. */
export interface Posting {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How much of the answer is in the message of an error, in characters. Default 0: it is not read. */
  readonly answerLength?: number;
}

/** Posts JSON, as `post` does. It reads only the status of the answer. */
export async function postJson(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  { signal, now }: { readonly signal: AbortSignal; readonly now: number },
): Promise<void> {
  await post(url, { body, headers: { "Content-Type": "application/json", ...headers }, signal, now });
}

/**
 * Posts a body. It follows no redirects, because only the configured address may receive it.
 *
 * @throws DeliveryError for any answer other than 2xx, and if there is no answer.
 */
export async function post(
  url: URL,
  { body, headers, signal, now, answerLength = 0 }: Posting,
): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, { method: "POST", redirect: "manual", headers, body, signal });
  } catch (error) {
    throw new DeliveryError(`there is no answer (${reasonOf(error)})`, true, { cause: error });
  }
  const text = await startOf(response, response.ok ? 0 : answerLength);
  if (response.ok) return;
  const { status } = response;
  if (status >= 300 && status < 400)
    throw new DeliveryError(`it answered ${status}, and redirects are not followed`, false);
  throw new DeliveryError(
    `it answered ${status}${text === "" ? "" : `: ${text}`}`,
    status >= 500 || RETRYABLE.includes(status),
    {
      retryAfterMillis: retryAfterMillis(
        status,
        { retryAfter: response.headers.get("retry-after"), date: response.headers.get("date") },
        now,
      ),
    },
  );
}

/** The first characters of an answer. The rest is not read. */
async function startOf({ body }: Response, length: number): Promise<string> {
  let text = "";
  // A body that is broken does not change the status.
  try {
    if (length === 0) await body?.cancel();
    else if (body !== null)
      for await (const part of body.pipeThrough(new TextDecoderStream())) {
        text += part;
        if (text.length >= length) break;
      }
  } catch {
    return text.slice(0, length).trim();
  }
  return text.slice(0, length).trim();
}

/** The reason without the address, which may contain a token. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
  // `fetch` refuses ports of other services, such as 6000, and its error has no code for that.
  if (cause?.message === BAD_PORT) return `${BAD_PORT}: fetch refuses it`;
  return cause?.code ?? name ?? "no reason given";
}
