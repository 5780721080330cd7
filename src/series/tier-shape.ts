import type { FoldKind } from "./fold.ts";
import type { Resolution } from "./resolution.ts";
import { dayInSteps } from "./time-slots.ts";

/** What the same tier of thousands of series has in common, so that each holds it once. */
export interface TierShape extends Resolution {
  readonly fold: FoldKind;
  /** Whether its first sample lies in the middle of a slot. */
  readonly isCentred: boolean;
  /** A day in steps, if the tier shows a daily season. */
  readonly season: number | undefined;
}

const shapes = new WeakMap<Resolution, TierShape[]>();

/** The shape of a resolution, a fold, and a place of slots: the same object each time. */
export function tierShape(resolution: Resolution, fold: FoldKind, isCentred: boolean): TierShape {
  let known = shapes.get(resolution);
  if (known === undefined) {
    known = [];
    shapes.set(resolution, known);
  }
  const same = known.find((shape) => shape.fold === fold && shape.isCentred === isCentred);
  if (same !== undefined) return same;
  const { stepSeconds, capacity } = resolution;
  const made = { stepSeconds, capacity, fold, isCentred, season: dayInSteps(stepSeconds, capacity) };
  known.push(made);
  return made;
}
