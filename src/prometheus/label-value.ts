import { shortText } from "../core/short-name.ts";

/**
 * The text of an attribute value: a string as it is, numbers and truth values in digits and words, anything else as
 * JSON. Nothing that an app can put into an attribute makes it throw: cycles, BigInt, functions and objects that refuse
 * to be read become a word in brackets; what is very long is cut. `null` and `undefined` are no value and become the empty string.
 */
export function labelValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return shortText(value);
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    case "undefined":
      return "";
    case "object":
      return value === null ? "" : jsonOf(value);
    default:
      return `[${typeof value}]`;
  }
}

/** The value with what the text format gives a meaning inside of quotes (backslash, quote, line feed) escaped. */
export function escapedLabelValue(text: string): string {
  if (!/[\\"\n\uD800-\uDFFF]/.test(text)) return text;
  return wellFormed(text).replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

/** A description with what the text format gives a meaning in a HELP line (backslash, line feed) escaped. */
export function escapedHelp(text: string): string {
  return wellFormed(text).replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
}

function jsonOf(value: object): string {
  try {
    return shortText(JSON.stringify(value) ?? "[object]");
  } catch {
    return "[unserializable]";
  }
}

/** UTF-8 has no lone surrogates: two values that differ only in these would become equal on the wire. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
