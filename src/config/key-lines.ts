import type { Document, LineCounter } from "yaml";
import { yaml } from "./yaml.ts";

/** Finds the line of a key in a document: of the deepest part of the path that there is. */
export function keyLines(
  document: Document.Parsed,
  lines: LineCounter,
): (path: readonly PropertyKey[]) => number {
  return (path) => {
    let node: unknown = document.contents;
    let line = 1;
    for (const key of path) {
      const [place, inner] = stepInto(node, key);
      const offset = (place as { range?: readonly number[] } | undefined)?.range?.[0];
      if (offset === undefined) break;
      line = lines.linePos(offset).line;
      node = inner;
    }
    return line;
  };
}

/** What shows where the key is, and what is below it. */
function stepInto(node: unknown, key: PropertyKey): readonly [place: unknown, inner: unknown] {
  const { isMap, isScalar, isSeq } = yaml();
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    return [pair?.key, pair?.value];
  }
  const item = isSeq(node) ? node.items[Number(key)] : undefined;
  return [item, item];
}
