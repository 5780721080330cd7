import type { Alert } from "../alerts/alert.ts";
import type { Alerting } from "../alerts/alerting.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import type { ForecastEngine } from "../engine/forecast-engine.ts";
import type { SeriesForecaster } from "../engine/series-forecaster.ts";
import { byUrgency, type Found, searching, urgencyOf } from "./found-series.ts";
import { compileSelector } from "./series-selector.ts";
import {
  type BeforeStatus,
  beforeOf,
  type PastStatus,
  pastOf,
  type QualityStatus,
  qualityOf,
  type SeriesStatus,
  statusId,
  statusOf,
} from "./series-status.ts";

/** What a list of forecasts is asked for. */
export interface ListRequest {
  /** A selector of series, as in PromQL. Default: all series. */
  readonly match?: string | undefined;
  /** Only series whose name or labels contain this text, in any case. */
  readonly search?: string | undefined;
  readonly limit: number;
  /** How many of the first series are left out; default 0. */
  readonly offset?: number | undefined;
  /** Default: the most urgent first. */
  readonly sort?: SortOrder | undefined;
  /** How many of the newest values each series has; default 0. */
  readonly recent?: number | undefined;
}

/** In which order series are listed. */
export type SortOrder = "urgency" | "name";

/** Series with their forecasts, the most urgent first. */
export interface ForecastList {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How many series there are, and how many of them the request selects. */
  readonly series: number;
  readonly selected: number;
  readonly forecasts: readonly SeriesStatus[];
}

/** One series with its past, the path of its forecast, and why it is forecast as it is. */
export interface SeriesDetail extends SeriesStatus {
  readonly past: PastStatus;
  readonly path: readonly {
    readonly at: number;
    readonly predicted: number;
    readonly lower: number;
    readonly upper: number;
  }[];
  readonly quality: readonly QualityStatus[];
  /** Forecasts whose time has come. */
  readonly before: readonly BeforeStatus[];
}

/** What the status is read from. */
export interface StatusParts {
  engine(): Pick<ForecastEngine, "forecasters" | "turn">;
  alerts(): Pick<Alerting, "alerts">;
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * Reads what a running process forecasts, as plain data. Nothing is kept or computed between two
 * calls.
 */
export class StatusReader {
  readonly #parts: StatusParts;
  readonly #others: () => readonly StatusParts[];

  /** @param others what is read too: the forecasters of the process that share an endpoint. */
  constructor(parts: StatusParts, others: () => readonly StatusParts[] = () => []) {
    this.#parts = parts;
    this.#others = others;
  }

  /** The number of collections so far: what is read changes with it. */
  get turn(): number {
    return this.#all().reduce((turns, { engine }) => turns + engine().turn, 0);
  }

  #all(): StatusParts[] {
    return [this.#parts, ...this.#others()];
  }

  /** All series. One that several forecasters have is that of the first. */
  *#series(): Iterable<Found> {
    const all = this.#all();
    const ids = new Set<string>();
    for (const { engine } of all) {
      const { forecasters, turn } = engine();
      for (const forecaster of forecasters) {
        if (all.length > 1) {
          const id = statusId(forecaster.plan.key);
          if (ids.has(id)) continue;
          ids.add(id);
        }
        yield { forecaster, turn };
      }
    }
  }

  /**
   * The series that a request selects. The work may pause at each `yield`.
   *
   * @throws BadSelector if the selector is wrong.
   */
  *forecasts({
    match,
    search,
    limit,
    offset = 0,
    sort = "urgency",
    recent = 0,
  }: ListRequest): Steps<ForecastList> {
    const selects = match === undefined ? () => true : compileSelector(match);
    const contains = search === undefined ? () => true : searching(search);
    const found: Found[] = [];
    const pace = new Pace();
    let series = 0;
    for (const one of this.#series()) {
      series += 1;
      const { key } = one.forecaster.plan;
      if (selects(key) && contains(key)) found.push(one);
      if (pace.isDue()) yield;
    }
    const sorted = found
      .map((one) => ({ ...one, urgency: sort === "name" ? 0 : urgencyOf(one.forecaster) }))
      .sort(byUrgency)
      .slice(offset, offset + limit);
    const forecasts: SeriesStatus[] = [];
    for (const { forecaster, turn } of sorted) {
      const status = statusOf(forecaster, forecaster.turn === turn);
      forecasts.push(recent === 0 ? status : { ...status, recent: pastOf(forecaster, recent) });
      if (pace.isDue()) yield;
    }
    return { now: this.#parts.now(), series, selected: found.length, forecasts };
  }

  /** One series; `undefined` if there is none with this id. */
  series(id: string): SeriesDetail | undefined {
    for (const { forecaster, turn } of this.#series())
      if (statusId(forecaster.plan.key) === id) return detailOf(forecaster, forecaster.turn === turn);
    return undefined;
  }

  /** All alerts that are not inactive; those that fire come first. */
  alerts(): Alert[] {
    const order = ["firing", "pending", "resolved"];
    return this.#all()
      .flatMap((parts) => parts.alerts().alerts({}))
      .filter(({ state }) => order.includes(state))
      .sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state) || one.since - other.since);
  }
}

function detailOf(forecaster: SeriesForecaster, isCurrent: boolean): SeriesDetail {
  return {
    ...statusOf(forecaster, isCurrent),
    past: pastOf(forecaster),
    path: Array.from(forecaster.outlook?.path() ?? [], ({ at, predicted, lower, upper }) => ({
      at,
      predicted,
      lower,
      upper,
    })),
    quality: qualityOf(forecaster),
    before: beforeOf(forecaster),
  };
}
