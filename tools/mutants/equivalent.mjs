import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mutatedText } from "./operators.mjs";

/** The lines that a mutation changes, before and after, without the space around them. */
export function changedLines(text, mutation) {
  const start = text.lastIndexOf("\n", mutation.start - 1) + 1;
  const next = text.indexOf("\n", mutation.end);
  const end = next < 0 ? text.length : next;
  const before = text.slice(start, end);
  const after = mutatedText(before, {
    ...mutation,
    start: mutation.start - start,
    end: mutation.end - start,
  });
  return { before, after };
}

/** What a mutant is known by: its file and its lines, not where they are. */
export function keyOf({ file, text, ...mutation }) {
  const { before, after } = changedLines(text, mutation);
  return `${file}: ${before.trim()} -> ${after.trim()}`.replaceAll(/\s+/g, " ");
}

/** Mutants that do what the original does. The file has a reason for each. */
export function equivalentMutants(root) {
  const file = join(root, "tools/mutants/equivalent.json");
  return new Set(existsSync(file) ? Object.keys(JSON.parse(readFileSync(file, "utf8"))) : []);
}
