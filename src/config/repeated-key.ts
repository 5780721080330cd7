import type { Document } from "yaml";
import { yaml } from "./yaml.ts";

/**
 * Where the first mapping repeats a key, as an offset in the text. The YAML library compares each key with all
 * before it, so its time grows with the square of their number. This looks at each key once.
 */
export function repeatedKey({ contents }: Document.Parsed): number | undefined {
  const { isCollection, isMap, isPair, isScalar } = yaml();
  const waiting: unknown[] = [contents];
  let first: number | undefined;
  // No recursion: a file may be nested deeper than the stack is.
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (isPair(node)) waiting.push(node.value, node.key);
    if (!isCollection(node)) continue;
    const known = new Set<unknown>();
    for (const item of node.items) {
      waiting.push(item);
      if (!isMap(node) || !isPair(item) || !isScalar(item.key)) continue;
      const { value, range } = item.key;
      if (known.has(value)) first = Math.min(first ?? Infinity, range?.[0] ?? 0);
      known.add(value);
    }
  }
  return first;
}
