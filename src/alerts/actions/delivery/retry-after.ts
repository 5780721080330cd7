/** Answers of a server that has too much to do, now or from us. */
const OVERLOADED = [429, 503];

/**
 * How long a server that has too much to do asks to be left alone: its `Retry-After`, in seconds or as a date, which is
 * read against the server's own clock, or ours where it does not say what time it has. 0 where it asks for nothing, or for nothing that can be understood.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 *
 * @param now epoch milliseconds
 */
export function retryAfterMillis({ status, headers }: Response, now: number): number {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (!OVERLOADED.includes(status)) return 0;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Dates begin with a letter; what does not, such as "-5" or "1.5", `Date.parse` would take for one.
  if (!/^[A-Z]/.test(text)) return 0;
  const theirs = Date.parse(headers.get("date") ?? "");
  const millis = Date.parse(text) - (Number.isNaN(theirs) ? now : theirs);
  return millis > 0 ? millis : 0;
}
