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
interface SharedTrials {
  readonly memory: RowMemory;
  readonly rows: RowTable;
  readonly trials: readonly LiveTrial[];
  /** The numbers of a series that has no forecast yet. */
  readonly beginning: Float64Array;
}

const known = new Map<string, SharedTrials>();

/** The trials of one series, one for each horizon. All that it keeps is one row of numbers. */
export class SeriesTrials {
  /** In ascending order. */
  readonly horizons: readonly Horizon[];
  readonly #shared: SharedTrials;
  #row: number;

  constructor(options: SeriesTrialsOptions) {
    this.horizons = options.horizons.toSorted((one, other) => one.seconds - other.seconds);
    this.#shared = sharedTrials({ ...options, horizons: this.horizons });
    this.#row = this.#shared.rows.add(this.#shared.beginning);
  }

  /** The trial at a horizon, by its index. It is that of this series until that of another is asked for. */
  at(index: number): LiveTrial {
    this.#shared.rows.seek(this.#shared.memory, this.#row);
    return this.#shared.trials[index] as LiveTrial;
  }

  /** Whether a new model must be selected for some horizon before the next regular selection. */
  get awaitSelection(): boolean {
    for (let index = 0; index < this.horizons.length; index++)
      if (this.at(index).awaitsSelection) return true;
    return false;
  }

  /** The trial at a horizon; `undefined` when there is none. */
  of(horizon: Horizon): LiveTrial | undefined {
    const index = this.horizons.indexOf(horizon);
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

function sharedTrials({ horizons, stepMillis, mayDismiss }: SeriesTrialsOptions): SharedTrials {
  const key = [...horizons.map(({ seconds }) => seconds), stepMillis, mayDismiss].join();
  let shared = known.get(key);
  if (shared === undefined) {
    const trials = horizons.map(
      ({ seconds }) => new LiveTrial({ horizonMillis: seconds * 1000, stepMillis, mayDismiss }),
    );
    const width = trials.reduce((sum, trial) => sum + trial.width, 0);
    const memory = new RowMemory(new Float64Array(width));
    let place = 0;
    for (const trial of trials) {
      trial.carryTo(memory, place);
      place += trial.width;
    }
    shared = { memory, rows: new RowTable(width), trials, beginning: memory.numbers };
    known.set(key, shared);
  }
  return shared;
}
