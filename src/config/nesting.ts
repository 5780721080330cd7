import type { Document } from "yaml";
import { yaml } from "./yaml.ts";

/** How many lists and mappings may be inside each other in a file. The keys of ours need far fewer. */
export const DEEPEST = 64;

/**
 * Where the first list or mapping begins that is nested too deep, as an offset in the text. Code that follows
 * each level by a call, as that of the YAML library, would run out of stack.
 */
export function nestedTooDeep({ contents }: Document.Parsed): number | undefined {
  const { isCollection, isPair } = yaml();
  const waiting: { readonly node: unknown; readonly depth: number }[] = [{ node: contents, depth: 1 }];
  let first: number | undefined;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth } = next;
    if (isPair(node)) waiting.push({ node: node.key, depth }, { node: node.value, depth });
    if (!isCollection(node)) continue;
    if (depth > DEEPEST) first = Math.min(first ?? Infinity, node.range?.[0] ?? 0);
    else for (const item of node.items) waiting.push({ node: item, depth: depth + 1 });
  }
  return first;
}
