import { tokensOutsideStrings } from "../../forecast/json-tokens.ts";
import { parseJson } from "../../forecast/request.ts";

/** A JSON value of a file, or the text of one that is broken, with the number of its first line. */
export type JsonValue =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly broken: string };

/**
 * The JSON values of a file: one value, the elements of one array, one value on each line, or
 * values that each take several lines, as `jq` writes them. O(characters).
 */
export function jsonValues(text: string): JsonValue[] {
  const whole = parsed(text);
  if (whole !== undefined) {
    const values = Array.isArray(whole.value) ? whole.value : [whole.value];
    return values.map((value) => ({ line: 1, value }));
  }
  const lines = text.split(/\r?\n/).map((part, index) => ({ line: index + 1, text: part }));
  const [first] = lines.filter((line) => line.text.trim() !== "");
  const parts = first !== undefined && parsed(first.text) === undefined ? severalLines(text) : lines;
  return (parts ?? lines)
    .filter((part) => part.text.trim() !== "")
    .map((part) => {
      const value = parsed(part.text);
      return value === undefined ? { line: part.line, broken: part.text } : { line: part.line, ...value };
    });
}

/** Objects that take several lines, each with its first line; `undefined` where braces do not match. */
function severalLines(text: string): { line: number; text: string }[] | undefined {
  const parts: { line: number; text: string }[] = [];
  let [depth, start, end, line, startLine] = [0, 0, 0, 1, 1];
  for (const { token, index } of tokensOutsideStrings(text, String.raw`[{}\n]`)) {
    if (token === "\n") line += 1;
    if (token === "{") {
      if (depth === 0) {
        if (text.slice(end, index).trim() !== "") return undefined;
        [start, startLine] = [index, line];
      }
      depth += 1;
    }
    if (token !== "}") continue;
    depth -= 1;
    if (depth !== 0) continue;
    end = index + 1;
    parts.push({ line: startLine, text: text.slice(start, end) });
  }
  return depth === 0 && text.slice(end).trim() === "" ? parts : undefined;
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: parseJson(text) };
  } catch {
    return undefined;
  }
}
