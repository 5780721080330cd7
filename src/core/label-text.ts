import { MAX_LABEL_LENGTH, shortText } from "./short-name.ts";

/**
 * The name of a label of an attribute's key.
 *
 * @param onCut called if the key is too long and is cut.
 */
export function labelName(key: string, onCut: () => void): string {
  // A Collector drops a series that has a label without a name.
  return key === "" ? "_" : labelText(key, onCut);
}

/**
 * The value of a label of a text.
 *
 * @param onCut called if the text is too long and is cut.
 */
export function labelText(text: string, onCut: () => void): string {
  if (text.length <= MAX_LABEL_LENGTH) return text;
  onCut();
  return copyOf(shortText(text));
}

/** V8 keeps the whole text in memory as long as a part of it is used, unless that is a copy. */
function copyOf(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
