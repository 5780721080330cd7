/** Control characters, except line feed and tab, and characters that change the direction of text. */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text without codes that a terminal would obey: they are written as in JSON (`\u001b`). All
 * output of the command line passes here, because names, cells and errors come from elsewhere. JSON
 * stays the same data.
 */
export function visible(text: string): string {
  return text.replace(CONTROLS, (code) => `\\u${code.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A visible text on one line. A line feed in a name would look like a line of ours. */
export function visibleLine(text: string): string {
  return visible(text.replaceAll("\n", "\\n"));
}
