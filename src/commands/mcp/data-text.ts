import { shortText } from "../../core/short-name.ts";

/**
 * Characters that a reader does not see: controls, those that change the direction of text, tags,
 * ends of lines, halves of pairs, and those that Unicode says not to display. An assistant reads them
 * all the same, so a person could not see what it was told.
 *
 * https://unicode.org/reports/tr36/#Recommendations_General
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const WRITTEN: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A text on one line in which everything can be seen. Other characters are written as in JSON. */
export function seenText(text: string): string {
  return text.replace(UNSEEN, (character) => WRITTEN[character] ?? escaped(character));
}

/** The same data with seen texts: values and names of fields. */
export function seenData<Data>(data: Data): Data {
  return seen(data) as Data;
}

/** A text that has at most `maxLength` characters when it is seen. Texts that differ stay different. */
export function boundedText(text: string, maxLength: number): string {
  const short = shortText(text, maxLength);
  const shown = seenText(short);
  // The cut may go through a pair.
  return shown.length <= maxLength ? short : shortText(shown, maxLength).toWellFormed();
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    const code = character.charCodeAt(at).toString(16);
    return `\\u${code.padStart(4, "0")}`;
  }).join("");
}

function seen(data: unknown): unknown {
  if (typeof data === "string") return seenText(data);
  if (Array.isArray(data)) return data.map(seen);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [seenText(name), seen(value)]));
}
