import { seriesId } from "../core/series-key.ts";
import type { SavedSeries } from "../engine/series-parts.ts";
import { joinedSeries, type PartedSeries } from "../engine/series-parts.ts";
import type { LoadedRecord, StateRecord } from "./state/state-record.ts";

/** The kinds of the two records of a series. They have the same id, so they are in the same file. */
const PAST = "past";
const NEWER = "series";

/** What is saved of a series: the past is written again only now and then. */
export function seriesRecordsOf({ key, past, newer }: PartedSeries): StateRecord[] {
  const id = seriesId(key);
  return [
    { kind: PAST, id, ...past },
    { kind: NEWER, id, ...newer },
  ];
}

/** Makes series of their records. A record whose other part was lost is none. */
export class JoinedSeries {
  readonly #waiting = new Map<string, LoadedRecord>();

  /** Whether a record is a part of a series. */
  isPart({ kind }: LoadedRecord): boolean {
    return kind === PAST || kind === NEWER;
  }

  /**
   * Takes a part.
   *
   * @returns the series, `undefined` while its other part is to come, or `false` if the two do not fit.
   */
  take(record: LoadedRecord): SavedSeries | undefined | false {
    const other = this.#waiting.get(record.id);
    if (other === undefined) {
      this.#waiting.set(record.id, record);
      return undefined;
    }
    this.#waiting.delete(record.id);
    const [newer, past] = record.kind === NEWER ? [record, other] : [other, record];
    return joinedSeries(newer.data, past.data) ?? false;
  }

  /** Forgets the parts whose other part was lost. */
  clear(): void {
    this.#waiting.clear();
  }
}
