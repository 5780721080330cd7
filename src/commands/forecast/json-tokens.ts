/** A token of JSON, and where it is. */
export interface JsonToken {
  readonly token: string;
  readonly index: number;
}

/**
 * The tokens of a JSON text that are not inside a string, also where the text is broken.
 * O(characters): no part of the text is read twice.
 *
 * @param tokens a regular expression.
 */
export function* tokensOutsideStrings(text: string, tokens: string): Generator<JsonToken> {
  let isInString = false;
  for (const { 0: token, index } of text.matchAll(new RegExp(String.raw`\\.|"|${tokens}`, "gs"))) {
    if (token === '"') isInString = !isInString;
    else if (!isInString && !token.startsWith("\\")) yield { token, index };
  }
}
