/** Statuses of a server that is overloaded, or that limits our requests. */
const OVERLOADED = [429, 503];

/** The headers of an answer that say when to ask again; `undefined` or `null` if it lacks one. */
export interface WaitHeaders {
  readonly retryAfter: string | undefined | null;
  readonly date: string | undefined | null;
}

/**
 * The wait that an overloaded server asks for: its `Retry-After`, in seconds or as a date. A date
 * is compared with the server's clock, or with ours if the answer has no `Date`. 0 without a valid
 * `Retry-After`.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 *
 * @param now epoch milliseconds
 */
export function retryAfterMillis(status: number, { retryAfter, date }: WaitHeaders, now: number): number {
  const text = retryAfter?.trim() ?? "";
  if (!OVERLOADED.includes(status)) return 0;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // A date begins with a letter. `Date.parse` would also accept texts such as "-5" or "1.5".
  if (!/^[A-Z]/.test(text)) return 0;
  const theirs = Date.parse(date ?? "");
  const millis = Date.parse(text) - (Number.isNaN(theirs) ? now : theirs);
  return millis > 0 ? millis : 0;
}
