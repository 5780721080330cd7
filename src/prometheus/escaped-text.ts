/** A label value with backslash, quote and line feed escaped, as the text format requires. */
export function escapedLabelValue(text: string): string {
  if (!/[\\"\n\uD800-\uDFFF]/.test(text)) return text;
  return wellFormed(text).replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

/** A description with backslash and line feed escaped, as a HELP line requires. */
export function escapedHelp(text: string): string {
  return wellFormed(text).replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
}

/** UTF-8 has no lone surrogates. Values that differ only in them would be equal on the wire. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
