import { shortName } from "../core/short-name.ts";

/** What a name is called when there are too many others already. */
export const OTHER_NAME = "other";
const MAX_NAMES = 200;

/**
 * Names that somebody else chose, fit to be the values of a label: a list that is bounded, and no name longer than 120
 * characters. The first 200 distinct ones stay what they are, all later ones become `other`.
 */
export class BoundedNames {
  readonly #names = new Set<string>();
  readonly #limit: number;
  readonly #onFull: (name: string) => void;

  /** `onFull` is told of each name that found no room. */
  constructor(onFull: (name: string) => void = () => {}, limit = MAX_NAMES) {
    this.#limit = limit;
    this.#onFull = onFull;
  }

  /** The name as a label may bear it. */
  take(given: string): string {
    const name = shortName(given);
    if (this.#names.has(name)) return name;
    if (this.#names.size >= this.#limit) {
      this.#onFull(name);
      return OTHER_NAME;
    }
    this.#names.add(name);
    return name;
  }
}
