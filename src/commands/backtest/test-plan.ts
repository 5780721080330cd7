import type { Bounds } from "../../core/bounds.ts";
import { DAY_SECONDS } from "../../core/durations.ts";
import { MIN_KNOWN_POINTS } from "../../engine/clocked-model.ts";
import type { LocalClock } from "../../series/local-clock.ts";
import { defaultResolutions } from "../../series/resolution.ts";
import { MAX_STEPS_AHEAD } from "../../series/tiered-series.ts";
import { dayInSteps } from "../../series/time-slots.ts";
import type { GridSeries } from "./input/grid-series.ts";

/** A horizon in steps, or in seconds. */
export type HorizonOption = { readonly steps: number } | { readonly seconds: number };

/** The options of a backtest. */
export interface BacktestOptions {
  readonly horizons: readonly HorizonOption[];
  /** The number of points in time to forecast from. */
  readonly origins: number;
  /** Points of the past that a model sees. Absent: as many as a process stores at this step. */
  readonly window?: number;
  /** Names of methods. `naive` is always tested, because the others are compared with it. */
  readonly methods: readonly string[];
  readonly bounds: Bounds;
  /** The season to try. Absent: a day when the window holds two, as in a process. */
  readonly season?: HorizonOption;
  /** The clock that a daily season follows, as with the `timeZone` of a view. Absent: UTC. */
  readonly clock?: LocalClock;
}

/**
 * The tests of one series: at each origin a model sees the `window` points before it and forecasts
 * the points after it.
 */
export interface TestPlan {
  readonly series: GridSeries;
  /** In ascending order, in steps. */
  readonly horizons: readonly number[];
  readonly window: number;
  /** Index of the first forecast value of each test. */
  readonly origins: readonly number[];
  readonly season: number | undefined;
  /** The clock that a daily season follows; absent: UTC. */
  readonly clock: LocalClock | undefined;
  /** Deviations from the options, as text for the user. */
  readonly notes: readonly string[];
}

/** The plan of a series, or why there is none. */
export type Planned = { readonly plan: TestPlan } | { readonly reason: string };

/**
 * Longer windows are not recommended: with steps of seconds a process sees days at a coarser
 * resolution.
 */
const USUAL_WINDOW = 1000;

/**
 * Plans the tests of a series. The origins are spread evenly from the end of the first window to
 * the last value that leaves room for the longest horizon.
 */
export function planOf(series: GridSeries, options: BacktestOptions): Planned {
  const { length } = series.values;
  const known = series.values.reduce((count, value) => count + (Number.isFinite(value) ? 1 : 0), 0);
  if (known === 0) return { reason: "all gaps: no value to forecast from" };
  const asked = [...new Set(options.horizons.map((option) => inSteps(option, series.stepSeconds)))].sort(
    ascending,
  );
  const kept = options.window ?? processWindow(series.stepSeconds);
  const window = options.window ?? Math.min(kept, Math.floor(length / 2));
  const horizons = asked.filter((steps) => window >= MIN_KNOWN_POINTS && window + steps <= length);
  const longest = horizons.at(-1);
  if (longest === undefined) {
    const needed = Math.max(window, MIN_KNOWN_POINTS) + (asked[0] as number);
    const least =
      options.window === undefined ? Math.max(2 * MIN_KNOWN_POINTS, 2 * (asked[0] as number)) : needed;
    return { reason: `${length} steps are too few: expected at least ${least}` };
  }
  return {
    plan: {
      series,
      horizons,
      window,
      origins: originsBetween(window, length - longest, options.origins),
      season: seasonOf(series, options, window),
      clock: options.clock,
      notes: [...notesOnMonths(series), ...notesOn({ series, asked, horizons, kept, window })],
    },
  };
}

/** A horizon in steps of a series, at least 1. */
function inSteps(option: HorizonOption, stepSeconds: number): number {
  return "steps" in option ? option.steps : Math.max(1, Math.round(option.seconds / stepSeconds));
}

/** The points of a series that a process stores at this step, and fits its models to. */
function processWindow(stepSeconds: number): number {
  const tiers = defaultResolutions(stepSeconds);
  return tiers.find((tier) => tier.stepSeconds === stepSeconds)?.capacity ?? 1000;
}

function seasonOf(series: GridSeries, { season }: BacktestOptions, window: number): number | undefined {
  if (season !== undefined) return Math.max(2, inSteps(season, series.stepSeconds));
  return series.season ?? dayInSteps(series.stepSeconds, window);
}

function originsBetween(first: number, last: number, count: number): number[] {
  const spacing = (last - first) / Math.max(1, count - 1);
  const origins = Array.from({ length: count }, (_, index) => Math.round(last - index * spacing));
  return [...new Set(origins)].reverse();
}

function notesOnMonths({ stepMonths }: GridSeries): string[] {
  if (stepMonths === undefined) return [];
  const step = stepMonths === 1 ? "a calendar month" : `${stepMonths} calendar months`;
  return [`a step is ${step}: models see steps of equal length, although months differ`];
}

/** Notes on a plan: what was left out of the options, and how it differs from a process. */
function notesOn({
  series: { values, stepSeconds },
  asked,
  horizons,
  kept,
  window,
}: {
  readonly series: GridSeries;
  /** The horizons of the options, in steps. */
  readonly asked: readonly number[];
  readonly horizons: readonly number[];
  /** Points that a process keeps at this step. */
  readonly kept: number;
  readonly window: number;
}): string[] {
  const notes: string[] = [];
  const left = asked.filter((steps) => !horizons.includes(steps));
  if (left.length > 0) {
    notes.push(
      `horizons of ${left.join(", ")} steps were left out: with a window of ${window} they need more than ${values.length} steps`,
    );
  }
  if (window < kept)
    notes.push(`models saw ${window} points, half of the data; a process keeps ${kept} at this step`);
  const days = Math.floor((2 * DAY_SECONDS) / stepSeconds);
  if (window < days && days <= USUAL_WINDOW && values.length >= 2 * days) {
    notes.push(
      `a window of ${window} points holds less than two days, so models see no daily season; use --window ${days}`,
    );
  }
  const far = horizons.filter((steps) => steps > MAX_STEPS_AHEAD);
  if (far.length > 0) {
    notes.push(
      `a process forecasts horizons of more than ${MAX_STEPS_AHEAD} steps (here ${far.join(", ")} of ${stepSeconds} s) from a coarser resolution`,
    );
  }
  return notes;
}

function ascending(one: number, other: number): number {
  return one - other;
}
