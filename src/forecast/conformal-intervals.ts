import { type Weighted, weightedQuantile } from "../math/weighted-quantile.ts";
import type { HorizonErrors } from "./backtest/errors.ts";
import { positionOn } from "./backtest/horizon-grid.ts";
import type { Intervals, Offsets } from "./method.ts";

/** Points after which an error counts half: how much a series scatters changes. */
const HALF_LIFE_POINTS = 200;
/** Errors below which a horizon has the interval of the one before. */
const MIN_ERRORS = 12;

/** How much wider intervals become where few errors of a kind were seen, and where none were. */
export interface Widening {
  /** How much wider an interval becomes when it looks as far ahead as the history goes back. */
  readonly at80: number;
  readonly at95: number;
  /** Looking further ahead than so many times the history makes it no wider. */
  readonly furthest: number;
  /** With which power of the distance it grows beyond the last tested horizon. */
  readonly power: number;
  /** With which further power beyond `UNKNOWN_FROM` times that horizon. */
  readonly unknownPower: number;
}

/** Times the last tested horizon beyond which nothing is known of how errors grow. */
const UNKNOWN_FROM = 4;

/**
 * Errors far out are few and alike, so their quantiles are too narrow, those of the tails most. Set on public operational series. Beyond
 * `UNKNOWN_FROM` times the last tested horizon, or the history, nothing is known of how errors grow: they stay between
 * those of noise, which do not, and those of a random walk, which grow with the square root.
 */
export const LEVEL_WIDENING: Widening = {
  at80: 0.2,
  at95: 1.75,
  furthest: 4,
  power: 0.1,
  unknownPower: 0.25,
};

/**
 * A total is off by what its rate is off by, times the distance; and the longer the distance, the fewer of its like the history holds.
 * Set on public request, byte and event counts added up.
 */
export const TOTAL_WIDENING: Widening = { at80: 3, at95: 4, furthest: 1 / 3, power: 1, unknownPower: 0 };

/**
 * Conformal intervals: at each horizon the quantiles of the forecaster's own out-of-sample errors, recent ones counting more, never narrower than
 * nearer ones. https://en.wikipedia.org/wiki/Conformal_prediction
 */
export class ConformalIntervals implements Intervals {
  readonly #horizons: readonly number[];
  readonly #offsets: readonly Offsets[];
  readonly #validPoints: number;
  readonly #widening: Widening;

  constructor(tested: readonly HorizonErrors[], validPoints: number, widening = LEVEL_WIDENING) {
    const used = tested.filter(({ errors }, index) => index === 0 || errors.length >= MIN_ERRORS);
    this.#horizons = used.map(({ horizon }) => horizon);
    this.#offsets = notNarrowing(used.map(offsetsOf));
    this.#validPoints = validPoints;
    this.#widening = widening;
  }

  /** The offsets at any number of steps ahead: straight between the tested horizons, growing slowly beyond. */
  at(steps: number): Offsets {
    const { below, above, share } = positionOn(this.#horizons, steps);
    const left = this.#offsets[below] as Offsets;
    const right = this.#offsets[above] as Offsets;
    const { at80, at95, furthest, power, unknownPower } = this.#widening;
    const distance = Math.min(steps / this.#validPoints, furthest);
    const timesTested = steps / (this.#horizons.at(-1) as number);
    const beyond =
      Math.max(1, timesTested) ** power * Math.max(1, timesTested / UNKNOWN_FROM) ** unknownPower;
    const wider80 = beyond * (1 + at80 * distance);
    const wider95 = beyond * (1 + at95 * distance);
    const between = (key: keyof Offsets): number => left[key] * (1 - share) + right[key] * share;
    return {
      lower95: wider95 * between("lower95"),
      lower80: wider80 * between("lower80"),
      upper80: wider80 * between("upper80"),
      upper95: wider95 * between("upper95"),
    };
  }
}

function offsetsOf({ errors, age }: HorizonErrors): Offsets {
  const newest = age.at(-1) as number;
  const ascending = errors
    .map(
      (value, index): Weighted => ({
        value,
        weight: 0.5 ** (((age[index] as number) - newest) / HALF_LIFE_POINTS),
      }),
    )
    .sort((a, b) => a.value - b.value);
  if (ascending.length === 0) return { lower95: 0, lower80: 0, upper80: 0, upper95: 0 };
  // Of few errors the outer quantiles lie beyond what was seen: rank (n + 1) p as in conformal prediction, and wider still.
  const count = ascending.length;
  const at = (share: number): number =>
    (1 + 8 / count ** 2) * weightedQuantile(ascending, 0.5 + (share - 0.5) * (1 + 1 / count));
  return {
    lower95: Math.min(0, at(0.025)),
    lower80: Math.min(0, at(0.1)),
    upper80: Math.max(0, at(0.9)),
    upper95: Math.max(0, at(0.975)),
  };
}

function notNarrowing(rows: readonly Offsets[]): Offsets[] {
  const result: Offsets[] = [];
  for (const row of rows) {
    const before = result.at(-1) ?? row;
    result.push({
      lower95: Math.min(row.lower95, before.lower95),
      lower80: Math.min(row.lower80, before.lower80),
      upper80: Math.max(row.upper80, before.upper80),
      upper95: Math.max(row.upper95, before.upper95),
    });
  }
  return result;
}
