import type { Horizon } from "../../core/horizon.ts";
import { RowMemory } from "../../math/row-memory.ts";
import { RowTable } from "../../math/row-table.ts";
import { LiveTrial } from "./live-trial.ts";

/** Which trials a series needs. */
export interface SeriesTrialsOptions {
  readonly horizons: readonly Horizon[];
  /** The time between two forecasts. */
  readonly stepMillis: number;
  /** False for models that must never be dismissed. */
  readonly mayDismiss: boolean;
}

/** The trials of all series with the same options, which take turns. */
export class SharedTrials {
  /** In ascending order. */
  readonly horizons: readonly Horizon[];
  readonly rows: RowTable;
  readonly #trials: readonly LiveTrial[];
  /** The numbers of a series that has no forecast yet. */
  readonly #beginning: Float64Array;
  /** The row that the trials have now; `undefined` before the first series. */
  #row: number | undefined;

  constructor({ horizons, stepMillis, mayDismiss }: SeriesTrialsOptions) {
    this.horizons = horizons;
    this.#trials = horizons.map(
      ({ seconds }) => new LiveTrial({ horizonMillis: seconds * 1000, stepMillis, mayDismiss }),
    );
    this.#beginning = new Float64Array(this.#trials.reduce((sum, { width }) => sum + width, 0));
    const memory = new RowMemory(this.#beginning);
    let first = 0;
    for (const trial of this.#trials) {
      trial.carryTo(memory, first);
      first += trial.width;
    }
    this.rows = new RowTable(this.#beginning.length);
  }

  add(): number {
    return this.rows.add(this.#beginning);
  }

  /** The trial at a horizon, by its index, of the series with a row. */
  at(index: number, row: number): LiveTrial {
    if (row !== this.#row) this.#seek(row);
    return this.#trials[index] as LiveTrial;
  }

  #seek(row: number): void {
    this.#row = row;
    const block = this.rows.blockOf(row);
    let first = this.rows.firstOf(row);
    for (const trial of this.#trials) {
      trial.moveTo(block, first);
      first += trial.width;
    }
  }
}

/**
 * The shared trials of one engine, by their options. They end with the engine: rows that belonged to the
 * process would stay when an engine is replaced.
 */
export class TrialTables {
  readonly #known = new Map<string, SharedTrials>();

  of({ horizons, stepMillis, mayDismiss }: SeriesTrialsOptions): SharedTrials {
    const ascending = horizons.toSorted((one, other) => one.seconds - other.seconds);
    const key = JSON.stringify([ascending, stepMillis, mayDismiss]);
    let shared = this.#known.get(key);
    if (shared === undefined) {
      shared = new SharedTrials({ horizons: ascending, stepMillis, mayDismiss });
      this.#known.set(key, shared);
    }
    return shared;
  }
}

/** The trials of one series, one for each horizon. All that it keeps is one row of numbers. */
export class SeriesTrials {
  readonly #shared: SharedTrials;
  #row: number;

  constructor(shared: SharedTrials) {
    this.#shared = shared;
    this.#row = this.#shared.add();
  }

  /** In ascending order. */
  get horizons(): readonly Horizon[] {
    return this.#shared.horizons;
  }

  /** The trial at a horizon, by its index. It is that of this series until that of another is asked for. */
  at(index: number): LiveTrial {
    return this.#shared.at(index, this.#row);
  }

  /** Whether a new model must be selected for some horizon before the next regular selection. */
  get awaitSelection(): boolean {
    for (let index = 0; index < this.horizons.length; index++)
      if (this.at(index).awaitsSelection) return true;
    return false;
  }

  /** The trial at a horizon; `undefined` when there is none. */
  of(horizon: Horizon): LiveTrial | undefined {
    const index = this.horizons.findIndex(({ seconds }) => seconds === horizon.seconds);
    return index < 0 ? undefined : this.at(index);
  }

  /** Ends the trials, which say nothing of value from then on. */
  remove(): void {
    this.#row = this.#shared.rows.delete(this.#row);
  }

  /** All trials in turn. */
  *[Symbol.iterator](): Iterator<{ readonly horizon: Horizon; readonly trial: LiveTrial }> {
    for (const [index, horizon] of this.horizons.entries()) yield { horizon, trial: this.at(index) };
  }
}
