import type { Folded } from "./fold.ts";

/** A tier as JSON-compatible data; `null` is a gap. */
export interface TierSnapshot {
  readonly stepSeconds: number;
  readonly originMillis: number;
  /** Number of the open slot. */
  readonly slot: number;
  readonly open?: Folded;
  /** Completed slots before the open one, oldest first. */
  readonly values: readonly (number | null)[];
}

/** A series as JSON-compatible data. */
export interface SeriesSnapshot {
  readonly tiers: readonly TierSnapshot[];
}

/** Whether a value, which may come from JSON, is a snapshot that can be restored. */
export function isSeriesSnapshot(value: unknown): value is SeriesSnapshot {
  return isRecord(value) && Array.isArray(value.tiers) && value.tiers.every(isTierSnapshot);
}

function isTierSnapshot(value: unknown): value is TierSnapshot {
  return (
    isRecord(value) &&
    Number.isFinite(value.stepSeconds) &&
    Number.isFinite(value.originMillis) &&
    Number.isInteger(value.slot) &&
    (value.open === undefined || isFolded(value.open)) &&
    Array.isArray(value.values) &&
    value.values.every((entry) => entry === null || Number.isFinite(entry))
  );
}

function isFolded(value: unknown): value is Folded {
  return (
    isRecord(value) &&
    [value.value, value.count, value.at].every(Number.isFinite) &&
    (value.count as number) >= 1
  );
}

/** Whether a value is an object or an array, whose members can be read. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
