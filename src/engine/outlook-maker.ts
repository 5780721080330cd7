import type { Horizon } from "../core/horizon.ts";
import type { Sample } from "../core/sample.ts";
import type { OutlookModel } from "./outlook-model.ts";
import type { SeriesKind } from "./series-kind.ts";
import {
  dayEndOf,
  type HorizonOutlook,
  outlookAt,
  SeriesOutlook,
  type WritableOutlook,
  writeOutlook,
} from "./series-outlook.ts";

/**
 * Makes the outlook of one series at each collection, horizon by horizon in ascending order. It writes
 * over that of the collection before.
 */
export class OutlookMaker {
  readonly #kind: SeriesKind;
  #horizons: readonly WritableOutlook[] = [];
  #made = 0;
  #outlook: SeriesOutlook | undefined;

  constructor(kind: SeriesKind) {
    this.#kind = kind;
  }

  /** Begins the outlook of a collection. */
  begin(): void {
    this.#made = 0;
  }

  /** Forecasts at the next horizon. */
  forecast(horizon: Horizon, latest: Sample, model: OutlookModel): HorizonOutlook {
    const index = this.#made++;
    const before = this.#horizons[index];
    if (before?.horizon === horizon) return writeOutlook(before, this.#kind, latest, model);
    const made = outlookAt(this.#kind, latest, horizon, model);
    // An array that grows keeps spare room, and there are many of these arrays.
    this.#horizons = this.#horizons.slice(0, index).concat(made);
    return made;
  }

  /** Forecasts at the last horizon again, by another model. */
  replace(latest: Sample, model: OutlookModel): void {
    const last = this.#horizons[this.#made - 1];
    if (last !== undefined) writeOutlook(last, this.#kind, latest, model);
  }

  /**
   * The outlook. It is the same object at each collection, and its horizons are the same array if they
   * are the same horizons.
   *
   * @param modelOfDay forecasts the end of the day.
   */
  end(latest: Sample, modelOfDay: OutlookModel | undefined): SeriesOutlook {
    if (this.#made < this.#horizons.length) this.#horizons = this.#horizons.slice(0, this.#made);
    const dayEnd = modelOfDay && dayEndOf(this.#kind, latest, modelOfDay);
    if (this.#outlook === undefined)
      this.#outlook = new SeriesOutlook(this.#kind, latest, this.#horizons, dayEnd);
    else this.#outlook.renew(latest, this.#horizons, dayEnd);
    return this.#outlook;
  }
}
