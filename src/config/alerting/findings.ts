/** One mistake in the configuration: where it is, as a path of keys, and what was expected. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Collects the mistakes below one key. */
export class Findings {
  readonly #path: Finding["path"];
  readonly #all: Finding[];

  constructor(path: Finding["path"] = [], all: Finding[] = []) {
    this.#path = path;
    this.#all = all;
  }

  /** Everything that was found so far, at this key and elsewhere. */
  get all(): readonly Finding[] {
    return this.#all;
  }

  /** Findings of a key below this one. They join the same list. */
  at(...keys: Finding["path"]): Findings {
    return new Findings([...this.#path, ...keys], this.#all);
  }

  /** Adds a mistake at this key. Returns `undefined`, as the value that could not be read. */
  add(message: string): undefined {
    this.#all.push({ path: this.#path, message });
    return undefined;
  }
}
