import type { Threshold } from "../../core/threshold.ts";
import type { SeriesDetail, SeriesStatus } from "../../status/answers.ts";
import { element, type ViewElement } from "./view-node.ts";

/** A value at a place from left (0) to right (1). */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** A forecast at such a place. */
interface ForecastPoint extends Point {
  readonly lower: number;
  readonly upper: number;
}

interface Plot {
  readonly observed: readonly (Point | undefined)[];
  readonly ahead: readonly ForecastPoint[];
  /** The place of the present. */
  readonly now: number;
  readonly threshold: Threshold | undefined;
  readonly width: number;
  readonly height: number;
}

/** The part of a sparkline that shows the past. The forecast has the rest. */
const PAST_SHARE = 0.6;
/** A threshold farther from the values than this many times their range would flatten them. */
const FARTHEST = 2;
const MARGIN = 2;

/**
 * A small picture of a series: its newest values, and its forecasts with their interval. The past and
 * the future have scales of their own. The numbers are beside it, so it says nothing to a screen
 * reader.
 */
export function sparkline({ recent, value, horizons: given, threshold }: SeriesStatus): ViewElement {
  // Late in the day, the midnight of a total is nearer than its horizons.
  const horizons = given.toSorted((one, other) => one.at - other.at);
  const values = recent?.values ?? [];
  const last = Math.max(1, values.length - 1);
  const from = horizons[0]?.at ?? 0;
  const until = horizons.at(-1)?.at ?? 0;
  const farthest = Math.max(1, until - from);
  const ahead = horizons.map(({ at, predicted, lower, upper }, index) => {
    const place = horizons.length === 1 ? 1 : (1 + (2 * (at - from)) / farthest) / 3;
    return {
      x: PAST_SHARE + (1 - PAST_SHARE) * (index === horizons.length - 1 ? 1 : place),
      y: predicted,
      lower,
      upper,
    };
  });
  return plot({
    observed: values.map((y, index) => (y === null ? undefined : { x: (PAST_SHARE * index) / last, y })),
    ahead:
      value === undefined || ahead.length === 0
        ? []
        : [{ x: PAST_SHARE, y: value, lower: value, upper: value }, ...ahead],
    now: PAST_SHARE,
    threshold,
    width: 132,
    height: 30,
  });
}

/** A picture of a series with one scale of time. A browser with JavaScript replaces it by a chart. */
export function stillChart({ past, path, threshold, at = 0 }: SeriesDetail): ViewElement {
  const millis = past.stepSeconds * 1000;
  const begin = past.endsAt - (past.values.length - 1) * millis;
  const end = Math.max(path.at(-1)?.at ?? at, past.endsAt);
  const placeOf = (time: number): number => (time - begin) / Math.max(1, end - begin);
  return plot({
    observed: past.values.map((y, index) =>
      y === null ? undefined : { x: placeOf(begin + index * millis), y },
    ),
    ahead: path.map((point) => ({ ...point, x: placeOf(point.at), y: point.predicted })),
    now: placeOf(at),
    threshold,
    width: 800,
    height: 240,
  });
}

function plot({ observed: all, ahead: forecasts, now, threshold, width, height }: Plot): ViewElement {
  // Nothing can be drawn at a place that is no number.
  const observed = all.map((point) => (point !== undefined && isNumber(point.y) ? point : undefined));
  const ahead = forecasts.filter(({ y, lower, upper }) => [y, lower, upper].every(isNumber));
  const known = observed.filter((point) => point !== undefined);
  const drawn = [...known.map(({ y }) => y), ...ahead.flatMap(({ y, lower, upper }) => [y, lower, upper])];
  let [low, high] = [Math.min(...drawn), Math.max(...drawn)];
  const range = high - low || Math.abs(high) || 1;
  const limit = threshold?.value ?? Number.NaN;
  const isNear = limit >= low - FARTHEST * range && limit <= high + FARTHEST * range;
  if (isNear) [low, high] = [Math.min(low, limit), Math.max(high, limit)];
  const inner = height - 2 * MARGIN;
  const level = (y: number): number => MARGIN + inner * (high === low ? 0.5 : shareBelow(high, y, low));
  const at = ({ x, y }: Point): string => `${round(x * width)},${round(level(y))}`;
  const lower = ahead.map(({ x, lower: y }) => ({ x, y })).reverse();
  const upper = ahead.map(({ x, upper: y }) => ({ x, y }));
  return element(
    "svg",
    { class: "plot", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    ahead.length > 0 && element("path", { class: "band", d: `M${[...upper, ...lower].map(at).join("L")}Z` }),
    drawn.length > 0 && isNear && line("limit", 0, width, level(limit), level(limit)),
    ahead.length > 0 && line("present", now * width, now * width, 0, height),
    known.length > 0 && element("path", { class: "observed", d: strokes(observed, at) }),
    ahead.length > 0 && element("path", { class: "predicted", d: `M${ahead.map(at).join("L")}` }),
  );
}

/** How far a value is below the highest one, as a share of the way to the lowest. */
function shareBelow(high: number, value: number, low: number): number {
  const span = high - low;
  // The distance between the largest numbers is too large for a number.
  return Number.isFinite(span) ? (high - value) / span : (high / 2 - value / 2) / (high / 2 - low / 2);
}

function isNumber(value: unknown): boolean {
  return Number.isFinite(value);
}

/** A line through the points, with gaps where there is none. */
function strokes(points: readonly (Point | undefined)[], at: (point: Point) => string): string {
  let isDrawing = false;
  let text = "";
  for (const point of points) {
    if (point !== undefined) text += `${isDrawing ? "L" : "M"}${at(point)}`;
    isDrawing = point !== undefined;
  }
  return text;
}

function line(name: string, x1: number, x2: number, y1: number, y2: number): ViewElement {
  return element("line", { class: name, x1: round(x1), x2: round(x2), y1: round(y1), y2: round(y2) });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
