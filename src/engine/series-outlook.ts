import { CrossingSearch, isPast } from "../advice/time-to-threshold.ts";
import { type Horizon, MIDNIGHT } from "../core/horizon.ts";
import type { Sample } from "../core/sample.ts";
import type { Threshold } from "../core/threshold.ts";
import type { OutlookModel } from "./outlook-model.ts";
import { type PathPoint, pathThrough } from "./outlook-path.ts";
import type { PredictedInterval } from "./publication/predicted-interval.ts";
import type { SeriesKind } from "./series-kind.ts";

/** The forecast of a series at one horizon. */
export interface HorizonOutlook extends PredictedInterval {
  readonly horizon: Horizon;
  /** How far ahead the forecast looks, in seconds. For midnight it is the rest of the day. */
  readonly secondsAhead: number;
  /** The time that the forecast is for, in epoch milliseconds. */
  readonly dueAt: number;
  readonly model: OutlookModel;
}

/**
 * The forecasts of one series after its last collection. Gauges, alerts, recommendations and
 * `getForecasts()` all read such an object, and it follows from the models of the series, so they give
 * the same answer to the same question. Read it before the next collection, which changes the models.
 */
export class SeriesOutlook {
  /** The newest value of the series, from which the forecasts are made. */
  readonly latest: Sample;
  /** The forecasts at the horizons that have one, shortest first. */
  readonly horizons: readonly HorizonOutlook[];
  /** The forecast of a total for the end of the day; `undefined` for a level. */
  readonly dayEnd: HorizonOutlook | undefined;
  readonly #kind: SeriesKind;
  /** By direction and value of the threshold. */
  #crossings: Map<string, number | undefined> | undefined;

  /** `horizons` are in ascending order. */
  constructor(
    kind: SeriesKind,
    latest: Sample,
    horizons: readonly HorizonOutlook[],
    dayEnd: HorizonOutlook | undefined,
  ) {
    this.#kind = kind;
    this.latest = latest;
    this.horizons = horizons;
    this.dayEnd = dayEnd;
  }

  /** The forecast at a horizon, which may be midnight. */
  at(horizon: Horizon): HorizonOutlook | undefined {
    if (horizon.label === MIDNIGHT.label) return this.dayEnd;
    for (const outlook of this.horizons) if (outlook.horizon.seconds === horizon.seconds) return outlook;
    return undefined;
  }

  /** The forecasts ahead, up to the longest horizon; of a total also for midnight. */
  path(): Iterable<PathPoint> {
    const horizons =
      this.dayEnd === undefined
        ? this.horizons
        : [...this.horizons, this.dayEnd].toSorted((one, other) => one.dueAt - other.dueAt);
    return pathThrough(this.#kind, this.latest, horizons);
  }

  /** Whether the series starts from 0 before the forecast is due. */
  startsFromZero({ dueAt }: HorizonOutlook): boolean {
    const start = this.#kind.nextStart(this.latest.at);
    return start !== undefined && start <= dueAt;
  }

  /**
   * Seconds until the series is forecast to cross a threshold. The search ends at the longest
   * horizon; for a total of the day it ends at midnight. 0 when the series has crossed it.
   * `undefined` when it will not, or when there is no forecast. Computed once for each threshold.
   */
  secondsUntil(threshold: Threshold): number | undefined {
    const asked = `${threshold.direction} ${threshold.value}`;
    this.#crossings ??= new Map();
    if (!this.#crossings.has(asked)) this.#crossings.set(asked, this.#crossingOf(threshold));
    return this.#crossings.get(asked);
  }

  /**
   * The crossing on the predicted path. The path leads through every published forecast: up to each
   * horizon it takes the steps of the model that forecasts this horizon.
   */
  #crossingOf(threshold: Threshold): number | undefined {
    const { at: now, value: current } = this.latest;
    const search = new CrossingSearch(current, threshold);
    let from = now;
    for (const { model, dueAt, predicted } of this.#stretches()) {
      // A total never falls: when it is not past the threshold at the end of a stretch, it is not
      // past it before.
      if (!this.#kind.isTotal || isPast(predicted, threshold)) {
        const meanAt = this.#kind.means(model, this.latest);
        for (let at = model.stepAfter(from); at < dueAt; at += model.stepMillis) {
          const seconds = search.follow((at - now) / 1000, meanAt(at));
          if (seconds !== undefined) return seconds;
        }
      }
      const seconds = search.follow((dueAt - now) / 1000, predicted);
      if (seconds !== undefined) return seconds;
      from = dueAt;
    }
    return undefined;
  }

  /**
   * The forecasts that the path ahead leads through: all those of a level, those until midnight of
   * a total.
   */
  #stretches(): readonly HorizonOutlook[] {
    if (this.dayEnd === undefined) return this.horizons;
    const { dueAt } = this.dayEnd;
    return [...this.horizons.filter((outlook) => outlook.dueAt < dueAt), this.dayEnd];
  }
}

/** The forecast of a model at a horizon. */
export function outlookAt(
  kind: SeriesKind,
  latest: Sample,
  horizon: Horizon,
  model: OutlookModel,
  dueAt = latest.at + horizon.seconds * 1000,
): HorizonOutlook {
  const { mean, lower80, upper80 } = kind.predictAt(model, latest, dueAt);
  const secondsAhead = (dueAt - latest.at) / 1000;
  return { horizon, model, secondsAhead, dueAt, predicted: mean, lower: lower80, upper: upper80 };
}

/**
 * The forecast for the end of the day; `undefined` for a series that does not start from 0 then.
 */
export function dayEndOf(kind: SeriesKind, latest: Sample, model: OutlookModel): HorizonOutlook | undefined {
  const midnight = kind.nextStart(latest.at);
  if (midnight === undefined) return undefined;
  const secondsAhead = (midnight - latest.at) / 1000;
  // At midnight itself the next day has begun.
  return { ...outlookAt(kind, latest, MIDNIGHT, model, midnight - 1), secondsAhead };
}
