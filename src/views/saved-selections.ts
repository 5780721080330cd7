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
    // What was counted today stays counted, also if nothing comes any more before the next restart.
    yield* Array.from(this.#waiting.values()).filter(hasToday);
  }

  /** Goes on after the slices that the last process had begun. */
  goOn(begun: number): void {
    this.begun += begun;
    this.#restoredAt = begun;
  }

  /** Takes windows that are as old as `goOn` was told. Of older ones, what was counted today. */
  restore(saved: unknown): void {
    if (!v.is(selectionSchema, saved)) return;
    if (saved.begun === this.#restoredAt) this.#waiting.set(saved.id, saved);
    else if (hasToday(saved)) this.#waiting.set(saved.id, onlyToday(saved, this.begun));
  }

  /**
   * Takes over a window of another process, while this one runs.
   *
   * @param missed how many slices have begun since it was saved.
   */
  adopt(saved: unknown, missed: number): void {
    if (!v.is(selectionSchema, saved)) return;
    if (missed < this.#slices) this.#waiting.set(saved.id, { ...saved, begun: this.begun - missed });
    else if (hasToday(saved)) this.#waiting.set(saved.id, onlyToday(saved, this.begun));
  }

  /** Drops the windows for which the test holds. */
  drop(test: (id: string) => boolean): void {
    for (const id of this.#waiting.keys()) if (test(id)) this.#waiting.delete(id);
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

  /**
   * Keeps what a selection has counted today, which is forgotten because its source has gone. If the source
   * comes back today, it goes on.
   *
   * @param most how many may wait: the oldest leave.
   */
  keepToday(saved: SavedSelection, most: number): void {
    if (!saved.outputs.some(({ today }) => today !== undefined && today.total !== 0)) return;
    this.#waiting.delete(saved.id);
    this.#waiting.set(saved.id, onlyToday(saved, this.begun));
    for (const id of this.#waiting.keys()) {
      if (this.#waiting.size <= most) return;
      this.#waiting.delete(id);
    }
  }

  /**
   * Drops the windows that have become empty, and what was counted on a day that is over.
   *
   * @param wallNow epoch milliseconds.
   */
  expire(wallNow: number): void {
    for (const [id, saved] of this.#waiting)
      if (this.begun - saved.begun > this.#slices && !isOfToday(saved, wallNow)) this.#waiting.delete(id);
  }
}

function isOfToday({ outputs }: SavedSelection, wallNow: number): boolean {
  return outputs.some(({ today }) => today !== undefined && wallNow < today.endsAt);
}

function hasToday({ outputs }: SavedSelection): boolean {
  return outputs.some(({ today }) => today !== undefined);
}

/** A selection of which nothing is known but what was counted today. */
function onlyToday({ id, outputs }: SavedSelection, begun: number): SavedSelection {
  const ofToday = outputs.filter(({ today }) => today !== undefined);
  return {
    id,
    begun,
    outputs: ofToday.map(({ id: output, today }) => ({
      id: output,
      countedEver: 0,
      ...(today === undefined ? {} : { today }),
    })),
    countEver: 0,
    sumEver: 0,
    hasCounted: false,
  };
}
