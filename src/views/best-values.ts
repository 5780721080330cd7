import type { ResolvedOutput } from "./resolved-output.ts";
import type { ViewValue } from "./view-value.ts";

/**
 * Outputs that were completed by an output of a later view, by both. They are few, and the same at
 * every collection.
 */
export type Completions = Map<string, ResolvedOutput>;

/**
 * Keeps one value for each series. If two views give a value, the first view wins. The other view
 * completes what the first leaves open: the bounds, and whether the series is published.
 */
export class BestValues {
  readonly list: ViewValue[] = [];
  /** Where the values of contested series are in the list, by the id of the series. */
  readonly #places = new Map<string, number>();
  readonly #completions: Completions;

  constructor(completions: Completions) {
    this.#completions = completions;
  }

  take(value: ViewValue): void {
    if (value.isContested === false) {
      this.list.push(value);
      return;
    }
    const place = this.#places.get(value.id);
    if (place === undefined) {
      this.#places.set(value.id, this.list.push(value) - 1);
      return;
    }
    const known = this.list[place] as ViewValue;
    const [winner, other] = value.output.rank < known.output.rank ? [value, known] : [known, value];
    const output = this.#completed(winner.output, other.output);
    this.list[place] = output === winner.output ? winner : withOutput(output, winner);
  }

  #completed(output: ResolvedOutput, by: ResolvedOutput): ResolvedOutput {
    const isPublished = output.spec.isPublished || by.spec.isPublished;
    const bounds = output.spec.bounds ?? by.spec.bounds;
    if (isPublished === output.spec.isPublished && bounds === output.spec.bounds) return output;
    const id = `${output.rank}\u0000${by.rank}\u0000${output.metric}`;
    let completed = this.#completions.get(id);
    if (completed === undefined) {
      const spec = { ...output.spec, isPublished, ...(bounds === undefined ? {} : { bounds }) };
      completed = { ...output, spec };
      this.#completions.set(id, completed);
    }
    return completed;
  }
}

function withOutput(output: ResolvedOutput, { key, id, value, window, exemplar }: ViewValue): ViewValue {
  return { output, key, id, value, window, exemplar };
}
