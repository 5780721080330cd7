import type { LateCount } from "../../core/measured-metric.ts";
import type { StreamSurroundings } from "./stream.ts";

/**
 * Whether everything that a cumulative point counts was counted while we listened, and within one
 * window. Then it may be part of a rate although it is the first reading of its stream.
 */
export function isAllNew(
  { startedAt, windowMillis }: StreamSurroundings,
  at: number,
  startAt: number,
): boolean {
  return startAt >= startedAt && at - startAt <= windowMillis;
}

/** What was counted since a time, and what was counted late before. */
export function withLate(before: LateCount | undefined, count: number, since: number): LateCount {
  return { count: (before?.count ?? 0) + count, since: Math.min(before?.since ?? since, since) };
}

/** The start of a point in epoch milliseconds; `NaN`, for unknown, if it is later than the point itself. */
export function knownStart(startAt: number, at: number): number {
  return startAt > at ? Number.NaN : startAt;
}
