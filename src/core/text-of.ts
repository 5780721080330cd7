/** The longest text that is kept of something that went wrong. */
const MAX_LENGTH = 1000;

/**
 * The text of whatever it is, to be logged. An application may hand over or throw anything, also what has no text or whose
 * text throws: this never does. What is longer than `maxLength` is cut.
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

/** The message of an error, or the text of whatever else was thrown. */
export function messageOf(thrown: unknown): string {
  try {
    return textOf(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return textOf(thrown);
  }
}
