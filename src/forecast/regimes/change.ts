/** A regime that begins this soon after a change is part of it. */
const CHANGING_POINTS = 12;
/** A change is new for this many points, and becomes old over as many again. */
const NEW_POINTS = 12;
/** A drift is noticed late, and is new for longer. */
const NEW_DRIFT_POINTS = 60;

/** A change is one or more regimes, each soon after the one before. */
export interface Change {
  /** The time of the first point after it. */
  readonly start: number;
  /** The level at which the regime before ended. */
  readonly levelBefore: number;
  /** The deviation by which it began, in the largest ones that were seen before. */
  readonly novelty: number;
  /** Whether it was slow, without a jump. */
  readonly isDrift: boolean;
}

/** The change that a jump belongs to. Growth that gathers speed looks like several jumps. */
export function changeBy(
  jump: { readonly start: number; readonly levelBefore: number; readonly novelty: number },
  before: Change | undefined,
): Change {
  if (before === undefined || jump.start - before.start > CHANGING_POINTS) return { ...jump, isDrift: false };
  return { ...before, novelty: Math.max(before.novelty, jump.novelty), isDrift: false };
}

/** 1 while a change is new, falling to 0. */
export function newnessOf(isDrift: boolean, age: number): number {
  return Math.min(1, Math.max(0, 2 - age / (isDrift ? NEW_DRIFT_POINTS : NEW_POINTS)));
}
