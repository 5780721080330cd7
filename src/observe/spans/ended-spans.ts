import { LatestEntries } from "../../core/latest-entries.ts";
import type { SpanNode } from "./span-tree.ts";

/**
 * The spans that have ended lately. A span may begin in the context of one that has ended before: the next step
 * of a stream goes on in the context of the last tool, since web streams of Node 26 do. It is part of what is still
 * open around that.
 */
export class EndedSpans {
  readonly #nodes = new LatestEntries<SpanNode>();

  add(spanId: string, node: SpanNode): void {
    if (node.openAbove !== undefined) this.#nodes.add(spanId, node);
  }

  /** The nearest span around an ended one that is open now. */
  openAround(spanId: string): SpanNode | undefined {
    return this.#nodes.get(spanId)?.openAbove;
  }
}
