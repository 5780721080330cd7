import { createRequire } from "node:module";
import type { Document, LineCounter, Pair, YAMLMap } from "yaml";

const load = createRequire(import.meta.url);

/**
 * The YAML library. It is loaded when a file is read, because most processes have no configuration
 * file.
 */
export function yaml(): typeof import("yaml") {
  return load("yaml");
}

/**
 * Finds the line of a key in a document. If the document lacks the key, the line is that of the
 * deepest part of the path that it has.
 */
export function keyLines(
  document: Document.Parsed,
  lines: LineCounter,
): (path: readonly PropertyKey[]) => number {
  const pairsOf = pairsByKey();
  return (path) => {
    let node: unknown = document.contents;
    let line = 1;
    for (const key of path) {
      const [place, inner] = stepInto(node, key, pairsOf);
      const offset = (place as { range?: readonly number[] } | undefined)?.range?.[0];
      if (offset === undefined) break;
      line = lines.linePos(offset).line;
      node = inner;
    }
    return line;
  };
}

type PairsOf = (map: YAMLMap) => ReadonlyMap<string, Pair>;

/** Gives the pairs of a mapping by key. Each mapping is looked through once, however many keys are asked for. */
function pairsByKey(): PairsOf {
  const { isScalar } = yaml();
  const known = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  return (map) => {
    const pairs = known.get(map);
    if (pairs !== undefined) return pairs;
    const found = new Map(
      map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [])),
    );
    known.set(map, found);
    return found;
  };
}

/** The node that shows where the key is, and the node below it. */
function stepInto(
  node: unknown,
  key: PropertyKey,
  pairsOf: PairsOf,
): readonly [place: unknown, inner: unknown] {
  const { isMap, isSeq } = yaml();
  if (isMap(node)) {
    const pair = pairsOf(node).get(String(key));
    return [pair?.key, pair?.value];
  }
  const item = isSeq(node) ? node.items[Number(key)] : undefined;
  return [item, item];
}
