import type { PathPoint } from "../../engine/outlook-path.ts";

/**
 * The longest time between two points. A query of Prometheus looks back for five minutes: between
 * points that are further apart, it finds nothing.
 */
const MAX_GAP_MILLIS = 240_000;

/**
 * The points of a path, and points on straight lines between those that are far apart, such as the
 * steps of a long horizon. The first line begins at the newest value.
 */
export function* withoutGaps(
  latest: { readonly at: number; readonly value: number },
  path: Iterable<PathPoint>,
): Generator<PathPoint, undefined> {
  const { at, value } = latest;
  let from: PathPoint = { at, predicted: value, lower: value, upper: value };
  for (const point of path) {
    const parts = Math.ceil((point.at - from.at) / MAX_GAP_MILLIS);
    for (let part = 1; part < parts; part += 1) yield between(from, point, part / parts);
    yield point;
    from = point;
  }
}

function between(from: PathPoint, to: PathPoint, share: number): PathPoint {
  const line = (start: number, end: number): number => start + (end - start) * share;
  return {
    at: line(from.at, to.at),
    predicted: line(from.predicted, to.predicted),
    lower: line(from.lower, to.lower),
    upper: line(from.upper, to.upper),
  };
}
