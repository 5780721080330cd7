import type { SeriesKey } from "../core/series-key.ts";
import { FOLD_KINDS, type FoldKind } from "./fold.ts";
import { isRecord, isSeriesSnapshot, type SeriesSnapshot } from "./series-snapshot.ts";

/** A series of a store as plain data. */
export interface StoredSeriesSnapshot extends SeriesSnapshot {
  readonly key: SeriesKey;
  readonly fold: FoldKind;
  /** When it was last known to be alive, if that is after its newest sample. */
  readonly touchedAt?: number;
}

/** Whether a value, which may come from JSON, is a stored series that can be restored. */
export function isStoredSeriesSnapshot(value: unknown): value is StoredSeriesSnapshot {
  return (
    isRecord(value) &&
    isSeriesKey(value.key) &&
    FOLD_KINDS.some((kind) => kind === value.fold) &&
    (value.touchedAt === undefined || Number.isFinite(value.touchedAt)) &&
    isSeriesSnapshot(value)
  );
}

function isSeriesKey(value: unknown): value is SeriesKey {
  return (
    isRecord(value) &&
    typeof value.metric === "string" &&
    isRecord(value.labels) &&
    Object.values(value.labels).every((label) => typeof label === "string")
  );
}
