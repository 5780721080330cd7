import { isPast, type PathPoint, timeToThreshold } from "../advice/time-to-threshold.ts";
import { type Horizon, MIDNIGHT } from "../core/horizon.ts";
import type { Threshold } from "../core/threshold.ts";
import type { ClockedModel } from "./clocked-model.ts";
import type { PredictedInterval } from "./publication/predicted-interval.ts";
import type { SeriesKind, Standing } from "./series-kind.ts";

/** The forecast of a series at one horizon. */
export interface HorizonOutlook extends PredictedInterval {
  readonly horizon: Horizon;
  /** How far ahead it looks: the horizon, or the rest of the day. */
  readonly secondsAhead: number;
  /** The time that the forecast is for, in epoch milliseconds. */
  readonly dueAt: number;
  readonly model: ClockedModel;
}

/**
 * The forecasts of one series as they are after one refresh. Gauges, alerts, recommendations and `getForecasts()` all
 * read this object, so that they give the same answer to the same question.
 */
export class SeriesOutlook {
  readonly standing: Standing;
  readonly #kind: SeriesKind;
  readonly #horizons: readonly HorizonOutlook[];
  readonly #dayEnd: HorizonOutlook | undefined;
  /** By direction and value of the threshold. */
  #crossings: Map<string, number | undefined> | undefined;

  /** `horizons` are in ascending order. */
  constructor(
    kind: SeriesKind,
    standing: Standing,
    horizons: readonly HorizonOutlook[],
    dayEnd: HorizonOutlook | undefined,
  ) {
    this.#kind = kind;
    this.standing = standing;
    this.#horizons = horizons;
    this.#dayEnd = dayEnd;
  }

  /** The forecasts at the horizons of the series that have one, shortest first. */
  get horizons(): readonly HorizonOutlook[] {
    return this.#horizons;
  }

  /** What a total of the day is forecast to come to by midnight; `undefined` for anything else. */
  get dayEnd(): HorizonOutlook | undefined {
    return this.#dayEnd;
  }

  /** The forecast at a horizon, midnight among them. */
  at(horizon: Horizon): HorizonOutlook | undefined {
    if (horizon.label === MIDNIGHT.label) return this.#dayEnd;
    return this.#horizons.find((outlook) => outlook.horizon.seconds === horizon.seconds);
  }

  /** Whether the series starts from 0 before the time of a forecast. */
  beginsAnew({ dueAt }: HorizonOutlook): boolean {
    const start = this.#kind.nextStart(this.standing.now);
    return start !== undefined && start <= dueAt;
  }

  /**
   * Seconds until the series is forecast to cross a threshold within its longest horizon; a total of the day within
   * today. 0 when it has crossed it; `undefined` when it will not, or when there is no forecast. Computed once.
   */
  secondsUntil(threshold: Threshold): number | undefined {
    const asked = `${threshold.direction} ${threshold.value}`;
    this.#crossings ??= new Map();
    if (!this.#crossings.has(asked)) this.#crossings.set(asked, this.#crossingOf(threshold));
    return this.#crossings.get(asked);
  }

  #crossingOf(threshold: Threshold): number | undefined {
    const stretches = this.#stretches();
    if (stretches.length === 0) return undefined;
    return timeToThreshold(this.standing.current, this.#pathTo(threshold, stretches), threshold);
  }

  /** The forecasts that the path ahead leads through: all of a level, those of today of a total. */
  #stretches(): readonly HorizonOutlook[] {
    if (this.#dayEnd === undefined) return this.#horizons;
    const { dueAt } = this.#dayEnd;
    return [...this.#horizons.filter((outlook) => outlook.dueAt < dueAt), this.#dayEnd];
  }

  /**
   * The predicted path, on which every published forecast lies: up to each horizon the steps of the model that
   * forecasts it.
   */
  *#pathTo(threshold: Threshold, stretches: readonly HorizonOutlook[]): Generator<PathPoint> {
    const { now } = this.standing;
    let from = now;
    for (const { model, dueAt, predicted } of stretches) {
      // A total that is not past the threshold at the end of a stretch is not past it before.
      if (!this.#kind.isTotal || isPast(predicted, threshold)) {
        const meanAt = this.#kind.means(model, this.standing);
        for (const at of model.stepsBetween(from, dueAt))
          yield { secondsAhead: (at - now) / 1000, mean: meanAt(at) };
      }
      yield { secondsAhead: (dueAt - now) / 1000, mean: predicted };
      from = dueAt;
    }
  }
}

/** The forecast that a model makes for a horizon. */
export function outlookAt(
  kind: SeriesKind,
  standing: Standing,
  horizon: Horizon,
  model: ClockedModel,
  dueAt = standing.now + horizon.seconds * 1000,
): HorizonOutlook {
  const { mean, lower80, upper80 } = kind.predictAt(model, standing, dueAt);
  const secondsAhead = (dueAt - standing.now) / 1000;
  return { horizon, secondsAhead, dueAt, model, predicted: mean, lower: lower80, upper: upper80 };
}

/** The forecast for the end of the day, when the series starts from 0 then. */
export function dayEndOf(
  kind: SeriesKind,
  standing: Standing,
  model: ClockedModel,
): HorizonOutlook | undefined {
  const midnight = kind.nextStart(standing.now);
  if (midnight === undefined) return undefined;
  const secondsAhead = (midnight - standing.now) / 1000;
  // At midnight itself the next day has begun.
  return { ...outlookAt(kind, standing, MIDNIGHT, model, midnight - 1), secondsAhead };
}
