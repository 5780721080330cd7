import type { SeriesKey } from "../core/series-key.ts";
import {
  isSeriesSnapshot,
  type SeriesSnapshot,
  type TierEnd,
  type TierSnapshot,
} from "../series/series-snapshot.ts";
import type { StoredSeries } from "../series/series-store.ts";
import { storedSnapshotOf } from "../series/series-store.ts";
import { isStoredSeriesSnapshot, type StoredSeriesSnapshot } from "../series/store-snapshot.ts";

/** A series with what was learnt of it, as plain data. */
export interface SavedSeries extends StoredSeriesSnapshot {
  readonly learnt?: unknown;
}

/** A part of a series. */
export interface SeriesPart<Data> {
  /** Another number after each change. No two parts of a process have the same. */
  readonly version: number;
  readonly data: () => Data;
}

/** A series in two parts: what was completed up to a moment, and what is newer. */
export interface PartedSeries {
  readonly key: SeriesKey;
  readonly past: SeriesPart<SeriesSnapshot>;
  readonly newer: SeriesPart<SavedSeries>;
}

/** How much of a series is saved, and when that was last seen to change. */
interface Mark {
  past: { readonly version: number; readonly ends: readonly TierEnd[] };
  newer: { readonly version: number; readonly seen: string };
}

/**
 * So many values are saved again and again, before the past is saved with them. A full past has thousands:
 * the two together are then least. No tier holds fewer.
 */
const MOST_NEWER_VALUES = 256;

let versions = 0;

/** Tells which parts of series have changed: the long past, and what is newer. */
export class SeriesParts {
  readonly #marks = new WeakMap<StoredSeries["series"], Mark>();

  /**
   * The parts of a series now.
   *
   * @param learnt what was learnt of it, and another number after each change of that.
   */
  of(
    stored: StoredSeries,
    learnt: { readonly changes: number | undefined; saved(): Pick<SavedSeries, "learnt"> },
  ): PartedSeries {
    const { key, series, touchedAt } = stored;
    const { ends } = series;
    const mark = this.#marks.get(series);
    const past =
      mark !== undefined && continues(mark.past.ends, ends) ? mark.past : { version: ++versions, ends };
    const seen = `${past.version} ${series.changes} ${touchedAt} ${learnt.changes}`;
    const newer = mark?.newer.seen === seen ? mark.newer : { version: ++versions, seen };
    this.#marks.set(series, { past, newer });
    return {
      key,
      past: { version: past.version, data: () => withoutOpen(series.snapshot()) },
      newer: {
        version: newer.version,
        data: () => ({ ...storedSnapshotOf(stored, past.ends), ...learnt.saved() }),
      },
    };
  }
}

/**
 * A series of its two parts.
 *
 * @returns `undefined` if they are none, or if values between them are missing.
 */
export function joinedSeries(newer: unknown, past: unknown): SavedSeries | undefined {
  if (!isStoredSeriesSnapshot(newer) || !isSeriesSnapshot(past)) return undefined;
  const tiers: TierSnapshot[] = [];
  for (const tier of newer.tiers) {
    const older = past.tiers.find(({ stepSeconds }) => stepSeconds === tier.stepSeconds);
    const values = older === undefined ? undefined : joinedValues(tier, older);
    if (values === undefined) return undefined;
    tiers.push({ ...tier, values });
  }
  return { ...newer, tiers };
}

function continues(past: readonly TierEnd[], now: readonly TierEnd[]): boolean {
  let newer = 0;
  for (const [tier, { originMillis, slot }] of now.entries()) {
    const end = past[tier];
    if (end?.originMillis !== originMillis || slot < end.slot) return false;
    newer += slot - end.slot;
  }
  return newer <= MOST_NEWER_VALUES;
}

function withoutOpen({ tiers }: SeriesSnapshot): SeriesSnapshot {
  return { tiers: tiers.map(({ open: _, ...completed }) => completed) };
}

/** The values of a tier; `undefined` if some are missing between the parts. */
function joinedValues(newer: TierSnapshot, past: TierSnapshot): Float64Array | undefined {
  const { values, slot, originMillis } = newer;
  const missing = slot - values.length - past.slot;
  if (originMillis !== past.originMillis || missing > 0) return undefined;
  // The past may have been written later, with some of the newer values.
  const older = past.values.slice(0, Math.max(0, past.values.length + missing));
  return Float64Array.from([...older, ...values], (value) => value ?? Number.NaN);
}
