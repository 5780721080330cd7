import * as v from "valibot";
import { type SavedSelection, selectionSchema } from "./saved-selection.ts";
import type { Selection } from "./selection.ts";

/**
 * The windows of the last process. They wait until something is measured for them: nothing is shown
 * of a source that this process does not know.
 */
export class SavedSelections {
  readonly #waiting = new Map<string, SavedSelection>();
  readonly #slices: number;
  /** How many slices have begun since the first process. */
  begun = 0;
  #restoredAt = Number.NaN;

  /** `slices` is the length of the windows. */
  constructor(slices: number) {
    this.#slices = slices;
  }

  *saved(selections: ReadonlyMap<string, Pick<Selection, "saved">>): Iterable<SavedSelection> {
    for (const [id, selection] of selections) yield { id, begun: this.begun, ...selection.saved() };
  }

  /** Goes on after the slices that the last process had begun. */
  goOn(begun: number): void {
    this.begun += begun;
    this.#restoredAt = begun;
  }

  /** Takes windows that are as old as `goOn` was told. */
  restore(saved: unknown): void {
    if (v.is(selectionSchema, saved) && saved.begun === this.#restoredAt) this.#waiting.set(saved.id, saved);
  }

  /** Gives a new selection its windows of before. */
  apply(id: string, selection: Pick<Selection, "restore" | "advance">): void {
    const saved = this.#waiting.get(id);
    if (saved === undefined) return;
    this.#waiting.delete(id);
    selection.restore(saved);
    const missed = Math.min(this.#slices, this.begun - saved.begun);
    for (let slice = 0; slice < missed; slice += 1) selection.advance();
  }

  /** Drops the windows that have become empty. */
  expire(): void {
    if (this.begun - this.#restoredAt > this.#slices) this.#waiting.clear();
  }
}
