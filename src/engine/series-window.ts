import type { WindowedNumber } from "../core/windowed-number.ts";
import { isSelection } from "../forecast/fit-options.ts";
import type { SavedWindowed } from "../forecast/windowed/saved-windowed.ts";
import type { SeriesPlan } from "./series-plan.ts";
import { WindowedModels } from "./windowed-models.ts";

/** The models that know the window of a series. They start anew when another view makes the series. */
export class SeriesWindow {
  readonly #plan: SeriesPlan;
  #models: WindowedModels | undefined;
  /** What the last process learnt of the window. */
  #saved: SavedWindowed | undefined;
  #hasEnded = false;

  constructor(plan: SeriesPlan, saved?: SavedWindowed) {
    this.#plan = plan;
    this.#saved = saved;
  }

  /** The models of the last window; `undefined` without one, and if the user named a method. */
  get models(): WindowedModels | undefined {
    return this.#models;
  }

  /** The models of this window. */
  of(window: WindowedNumber | undefined): WindowedModels | undefined {
    if (this.#models?.number === window) return this.#models;
    this.#models?.remove();
    this.#models = undefined;
    if (window !== undefined && !this.#hasEnded && isSelection(this.#plan.method)) {
      this.#models = WindowedModels.of(window, this.#plan, this.#saved);
      this.#saved = undefined;
    }
    return this.#models;
  }

  /** What was learnt of the window, as plain data. */
  saved(): SavedWindowed | undefined {
    return this.#models?.saved() ?? this.#saved;
  }

  /** Ends the models, when the series is gone. They never begin again. */
  remove(): void {
    this.#hasEnded = true;
    this.of(undefined);
  }

  /** Moves the times of what is stored, after the clock was set. */
  shift(millis: number): void {
    this.#models?.shift(millis);
  }
}
