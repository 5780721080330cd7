import { shortName } from "../core/short-name.ts";

/** Replaces a name if there are too many names. */
export const OTHER_NAME = "other";
const MAX_NAMES = 200;

/**
 * Turns names that an application chooses into label values of bounded number and length. The first
 * 200 distinct names are kept, cut to 120 characters. All later names become `other`.
 */
export class BoundedNames {
  readonly #names = new Set<string>();
  readonly #limit: number;
  readonly #onFull: (name: string) => void;
  /** The last name, as it was given and as it was taken: mostly, the next is the same. */
  #given: string | undefined;
  #taken = OTHER_NAME;

  /** @param onFull receives each name that became `other`. */
  constructor(onFull: (name: string) => void = () => {}, limit = MAX_NAMES) {
    this.#limit = limit;
    this.#onFull = onFull;
  }

  /** The label value for a name. */
  take(given: string): string {
    if (given === this.#given) return this.#taken;
    const taken = this.#bounded(given);
    // What becomes `other` is reported each time.
    if (taken !== OTHER_NAME) {
      this.#given = given;
      this.#taken = taken;
    }
    return taken;
  }

  #bounded(given: string): string {
    const name = shortName(given);
    if (name === OTHER_NAME || this.#names.has(name)) return name;
    if (this.#names.size >= this.#limit) {
      this.#onFull(name);
      return OTHER_NAME;
    }
    this.#names.add(name);
    return name;
  }
}
