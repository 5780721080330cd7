import type { Horizon } from "../../core/horizon.ts";
import type { Sample } from "../../core/sample.ts";
import { RowMemory } from "../../math/row-memory.ts";
import { NOBODYS_ROW, RowTable } from "../../math/row-table.ts";
import type { StillTime } from "./forecast-review.ts";
import { LiveTrial } from "./live-trial.ts";

/** A sample that is later than this many steps comes after a gap. */
const GAP_STEPS = 2;

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
  /** The time between two forecasts. */
  readonly stepMillis: number;
  readonly #trials: readonly LiveTrial[];
  /** The numbers of a series that has no forecast yet. */
  readonly #beginning: Float64Array;
  /** The row that the trials have now; `undefined` before the first series. */
  #row: number | undefined;

  constructor({ horizons, stepMillis, mayDismiss }: SeriesTrialsOptions) {
    this.horizons = horizons;
    this.stepMillis = stepMillis;
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

/**
 * The trials of one series, one for each horizon. They have begun when there is something to compare: as
 * long as a series has one value, which all its forecasts are, it is enough to know since when. Many
 * series never move.
 */
export class SeriesTrials {
  readonly #shared: SharedTrials;
  /** That of nobody before the trials have begun. */
  #row = NOBODYS_ROW;
  #still: { since: number; until: number; value: number } | undefined;
  #hasEnded = false;

  constructor(shared: SharedTrials) {
    this.#shared = shared;
  }

  /** In ascending order. */
  get horizons(): readonly Horizon[] {
    return this.#shared.horizons;
  }

  get haveBegun(): boolean {
    return this.#row !== NOBODYS_ROW;
  }

  /** The time in which the series did not move; `undefined` if the trials have begun. */
  get still(): StillTime | undefined {
    return this.#still;
  }

  /** Begins the trials, with what they know of the time before. */
  begin(): void {
    if (this.haveBegun || this.#hasEnded) return;
    this.#row = this.#shared.add();
    const still = this.#still;
    this.#still = undefined;
    if (still !== undefined) for (const { trial } of this) trial.beginStill(still);
  }

  /**
   * The series has the value that it always had and that all its forecasts are. Returns false after a gap, in
   * which no forecasts were made: then the trials must begin.
   */
  standStill({ at, value }: Sample): boolean {
    this.#still ??= { since: at, until: at, value };
    if (at - this.#still.until > GAP_STEPS * this.#shared.stepMillis) return false;
    this.#still.until = at;
    return true;
  }

  /** Takes over such a time, which was saved. */
  restoreStill(still: StillTime): void {
    this.#still = { ...still };
  }

  /**
   * The trial at a horizon, by its index, after they have begun. It is that of this series until that of
   * another is asked for.
   */
  at(index: number): LiveTrial {
    return this.#shared.at(index, this.#row);
  }

  /** Whether a new model must be selected for some horizon before the next regular selection. */
  get awaitSelection(): boolean {
    if (!this.haveBegun) return false;
    for (let index = 0; index < this.horizons.length; index++)
      if (this.at(index).awaitsSelection) return true;
    return false;
  }

  /** The trial at a horizon, to read; `undefined` when there is none. */
  of(horizon: Horizon): LiveTrial | undefined {
    const index = this.horizons.findIndex(({ seconds }) => seconds === horizon.seconds);
    if (index < 0) return undefined;
    const trial = this.at(index);
    if (this.haveBegun) return trial;
    if (this.#still === undefined) trial.begin();
    else trial.beginStill(this.#still);
    return trial;
  }

  /** Moves the times of what they store, after the clock was set. */
  shift(millis: number): void {
    for (const { trial } of this) trial.shift(millis);
    if (this.#still === undefined) return;
    this.#still.since += millis;
    this.#still.until += millis;
  }

  /** Ends the trials. They never begin again, and say nothing of value from then on. */
  remove(): void {
    this.#hasEnded = true;
    this.#row = this.#shared.rows.delete(this.#row);
  }

  /** All trials that have begun, in turn. */
  *[Symbol.iterator](): Iterator<{ readonly horizon: Horizon; readonly trial: LiveTrial }> {
    if (!this.haveBegun) return;
    for (const [index, horizon] of this.horizons.entries()) yield { horizon, trial: this.at(index) };
  }
}
