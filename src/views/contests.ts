import type { OutputState } from "./output-state.ts";

/** Knows the series of all selections, and tells outputs whether others give the same series. */
export class Contests {
  /** By the id of the series. Nearly every series is given by one output. */
  readonly #outputs = new Map<string, OutputState | readonly OutputState[]>();

  add(added: readonly OutputState[]): void {
    for (const state of added) this.#set(state.id, [...this.#of(state.id), state]);
  }

  delete(gone: readonly OutputState[]): void {
    for (const state of gone)
      this.#set(
        state.id,
        this.#of(state.id).filter((other) => other !== state),
      );
  }

  #of(id: string): readonly OutputState[] {
    const known = this.#outputs.get(id) ?? [];
    return Array.isArray(known) ? known : [known as OutputState];
  }

  #set(id: string, states: readonly OutputState[]): void {
    const [first] = states;
    if (first === undefined) this.#outputs.delete(id);
    else this.#outputs.set(id, states.length === 1 ? first : states);
    for (const state of states) state.isContested = states.length > 1;
  }
}
