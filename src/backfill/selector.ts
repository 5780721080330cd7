import type { Labels } from "../core/series-key.ts";

/** A list of more values selects little. */
const MAX_VALUES = 100;
/** Servers limit the length of a query. */
const MAX_LENGTH = 8000;

/**
 * Matchers that hold for all of these labels, and leave out much of what is not asked for: for each
 * label that all sets have, the values that it has there.
 */
export function selectorOf(all: readonly Labels[]): string {
  const [first = {}] = all;
  let selector = "";
  for (const name of Object.keys(first)) {
    if (!all.every((labels) => Object.hasOwn(labels, name))) continue;
    const values = new Set(all.map((labels) => labels[name] as string));
    if (values.size > MAX_VALUES) continue;
    const longer = `${selector}${selector === "" ? "" : ","}${matcherOf(name, [...values])}`;
    if (longer.length <= MAX_LENGTH) selector = longer;
  }
  return selector;
}

function matcherOf(name: string, values: readonly string[]): string {
  const [only] = values;
  if (values.length === 1) return `${name}=${JSON.stringify(only)}`;
  return `${name}=~${JSON.stringify(values.map(asPattern).join("|"))}`;
}

/** A text that a regular expression of RE2 matches as it is. */
function asPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
