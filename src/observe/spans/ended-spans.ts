import type { SpanNode } from "./span-tree.ts";

/** Maximum of ended spans that are known. */
const MAX_ENDED = 1000;

/**
 * The spans that have ended lately. A span may begin in the context of one that has ended before: the next step
 * of a stream goes on in the context of the last tool, since web streams of Node 26 do. It is part of what is still
 * open around that.
 */
export class EndedSpans {
  readonly #nodes = new Map<string, SpanNode>();

  add(spanId: string, node: SpanNode): void {
    if (node.openAbove === undefined) return;
    for (const oldest of this.#nodes.keys()) {
      if (this.#nodes.size < MAX_ENDED) break;
      this.#nodes.delete(oldest);
    }
    this.#nodes.set(spanId, node);
  }

  /** The nearest span around an ended one that is open now. */
  openAround(spanId: string): SpanNode | undefined {
    return this.#nodes.get(spanId)?.openAbove;
  }
}
