import { DeliveryError } from "./delivery-error.ts";
import { retryAfterMillis } from "./retry-after.ts";

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
