/** Something that is wrong in what was configured: where, as a path of keys, and what was expected. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Collects what is wrong below one key. */
export class Findings {
  readonly found: Finding[] = [];

  /** What `check` gives; where that is a finding (a text), it is noted and `undefined` comes back. */
  add(path: readonly (string | number)[], message: string): undefined {
    this.found.push({ path, message });
    return undefined;
  }
}
