/** The default maximum length of a text, in characters. */
const MAX_LENGTH = 1000;
const MAX_SHORT_LENGTH = 60;
/** The most fields of a record that are shown. */
const MAX_FIELDS = 20;

/**
 * The text of any value, for the log. It never throws, even if the value has no text or throws when
 * it is converted. A text that is longer than `maxLength` is cut.
 */
export function textOf(value: unknown, maxLength = MAX_LENGTH): string {
  let text: string;
  try {
    text = String(value);
  } catch {
    text = `${typeof value} without a text`;
  }
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

/** The same, for a value that is named within a sentence. */
export function shortTextOf(value: unknown): string {
  return textOf(value, MAX_SHORT_LENGTH);
}

/** The message of an error, or the text of another thrown value. */
export function messageOf(thrown: unknown): string {
  try {
    return textOf(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return textOf(thrown);
  }
}

/** What a value is, without the value itself, which may be a secret: `text of 12 characters`. */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return `text of ${value.length} character${value.length === 1 ? "" : "s"}`;
  if (typeof value === "number") return Number.isFinite(value) ? "a number" : String(value);
  return value === null ? "null" : typeof value;
}

/**
 * The fields of a record, for the log, without their values: these may be secrets. A program may hand over
 * anything instead of a record, such as a text or a list of ten million parts: of these, only what they are.
 */
export function kindsOf(fields: unknown): string {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields) || ArrayBuffer.isView(fields))
    return kindOf(fields);
  const entries = Object.entries(fields);
  const shown = entries.slice(0, MAX_FIELDS).map(([key, value]) => `${shortTextOf(key)}: ${kindOf(value)}`);
  const more = entries.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
