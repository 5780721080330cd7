import { isTime } from "../core/is-time.ts";
import type { Sample } from "../core/sample.ts";
import type { Folded } from "./fold.ts";
import { middleOf } from "./time-slots.ts";

/** Up to where the slots of a tier are completed. */
export interface TierEnd {
  readonly originMillis: number;
  /** Number of the open slot. */
  readonly slot: number;
}

/** A tier as plain data. */
export interface TierSnapshot extends TierEnd {
  readonly stepSeconds: number;
  readonly open?: Folded;
  /** Completed slots before the open one, oldest first; `NaN` or `null`, as in JSON, is a gap. */
  readonly values: Float64Array | readonly (number | null)[];
}

/** A series as plain data. */
export interface SeriesSnapshot {
  readonly tiers: readonly TierSnapshot[];
}

/** The values of a tier, oldest first: each at the middle of its slot, and that of the open slot at its time. */
export function samplesOf({ values, slot, stepSeconds, originMillis, open }: TierSnapshot): Sample[] {
  const grid = { stepSeconds, originMillis };
  const first = slot - values.length;
  const samples: Sample[] = [];
  for (const [index, value] of values.entries())
    if (value !== null && !Number.isNaN(value)) samples.push({ at: middleOf(grid, first + index), value });
  if (open !== undefined) samples.push({ at: open.at, value: open.value });
  return samples;
}

/** Whether a value, which may come from JSON, is a snapshot that can be restored. */
export function isSeriesSnapshot(value: unknown): value is SeriesSnapshot {
  return isRecord(value) && Array.isArray(value.tiers) && value.tiers.every(isTierSnapshot);
}

function isTierSnapshot(value: unknown): value is TierSnapshot {
  return (
    isRecord(value) &&
    Number.isFinite(value.stepSeconds) &&
    isTime(value.originMillis) &&
    Number.isSafeInteger(value.slot) &&
    isTime((value.originMillis as number) + (value.slot as number) * (value.stepSeconds as number) * 1000) &&
    (value.open === undefined || isFolded(value.open)) &&
    isValues(value.values)
  );
}

function isValues(value: unknown): boolean {
  if (value instanceof Float64Array)
    return !value.includes(Number.POSITIVE_INFINITY) && !value.includes(Number.NEGATIVE_INFINITY);
  return Array.isArray(value) && value.every((entry) => entry === null || Number.isFinite(entry));
}

function isFolded(value: unknown): value is Folded {
  return (
    isRecord(value) &&
    [value.value, value.count].every(Number.isFinite) &&
    isTime(value.at) &&
    (value.count as number) >= 1
  );
}

/** Whether a value is an object or an array, whose members can be read. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
