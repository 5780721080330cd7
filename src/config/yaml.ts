import { createRequire } from "node:module";
import type { Document, LineCounter } from "yaml";

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

/** The node that shows where the key is, and the node below it. */
function stepInto(node: unknown, key: PropertyKey): readonly [place: unknown, inner: unknown] {
  const { isMap, isScalar, isSeq } = yaml();
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    return [pair?.key, pair?.value];
  }
  const item = isSeq(node) ? node.items[Number(key)] : undefined;
  return [item, item];
}
