import type { Attributes, HrTime } from "@opentelemetry/api";
import { hashOf, ObservedSet } from "./observed-set.ts";

/** Holds what is observed of all sets beyond the limit. */
const OVERFLOW: Attributes = { "otel.metric.overflow": true };
const OVERFLOW_HASH = hashOf(OVERFLOW);

/** What was observed of one attribute set. */
export interface Observed {
  readonly attributes: Attributes;
  readonly value: number;
}

/** Who observed, and when. */
export interface Observation {
  readonly at: HrTime;
  /** Whether the value has not gone to other readers yet. */
  readonly isUnshared: boolean;
}

/**
 * The attribute sets of one observable instrument since the start, in the order in which they were
 * first observed. A set that is no longer observed keeps its last value, as in the SDK.
 */
export class ObservedSets {
  readonly #byHash = new Map<string, ObservedSet>();
  readonly #endTime: HrTime = [0, 0];
  readonly #limit: number;
  readonly #isMonotonic: boolean;
  #points: ObservedSet[] = [];
  #unshared = 0;
  #unread = 0;

  /**
   * @param options.limit the cardinality limit of the instrument; one set is for the overflow.
   * @param options.isMonotonic whether no total is below 0.
   */
  constructor(options: { readonly limit: number; readonly isMonotonic: boolean }) {
    this.#limit = options.limit - 1;
    this.#isMonotonic = options.isMonotonic;
  }

  /**
   * The data points of a collection. Their values change at the next observation. The array is
   * frozen: if it is the same as before, the sets are the same.
   */
  pointsAt([seconds, nanoseconds]: HrTime): readonly ObservedSet[] {
    this.#endTime[0] = seconds;
    this.#endTime[1] = nanoseconds;
    return Object.freeze(this.#points);
  }

  /**
   * The data points of what was observed since the last call, whoever observed it. The array is frozen
   * too if it has all sets.
   */
  unreadAt(at: HrTime): readonly ObservedSet[] {
    const all = this.pointsAt(at);
    const unread = this.#unread === all.length ? all : all.filter(({ isUnread }) => isUnread);
    for (const set of unread) set.isUnread = false;
    this.#unread = 0;
    return unread;
  }

  get size(): number {
    return this.#points.length;
  }

  find(hash: string): ObservedSet | undefined {
    return this.#byHash.get(hash);
  }

  /** Takes a value of a set that it has. */
  put(set: ObservedSet, value: number, isUnshared: boolean): void {
    const isPossible = !this.#isMonotonic || !(value < 0);
    set.value = isPossible ? value : 0;
    // A total below 0 says nothing about a rate.
    this.#note(set, isPossible);
    if (set.isUnshared === isUnshared) return;
    set.isUnshared = isUnshared;
    this.#unshared += isUnshared ? 1 : -1;
  }

  /**
   * Takes a value of a set that may be new, and that other readers know. Beyond the limit it goes to
   * the overflow.
   */
  take(hash: string, { attributes, value }: Observed, at: HrTime): void {
    const known = this.#byHash.get(hash);
    if (known !== undefined) this.put(known, value, false);
    else if (this.#byHash.size < this.#limit || hash === OVERFLOW_HASH)
      this.put(this.#add(hash, attributes, at), value, false);
    else this.take(OVERFLOW_HASH, { attributes: OVERFLOW, value }, at);
  }

  /** The sets whose values other readers have not been told of. From then on they have been. */
  share(): readonly ObservedSet[] {
    if (this.#unshared === 0) return [];
    const unshared = this.#points.filter(({ isUnshared }) => isUnshared);
    for (const set of unshared) set.isUnshared = false;
    this.#unshared = 0;
    return unshared;
  }

  /** Forgets the sets for which the test holds: they make room under the limit. */
  forget(isGone: (attributes: Attributes) => boolean): void {
    const gone = this.#points.filter(({ attributes }) => isGone(attributes));
    if (gone.length === 0) return;
    for (const set of gone) {
      this.put(set, set.value, false);
      this.#note(set, false);
      set.forget();
      this.#byHash.delete(set.hash);
    }
    this.#points = this.#points.filter(({ isForgotten }) => !isForgotten);
  }

  #note(set: ObservedSet, isUnread: boolean): void {
    if (set.isUnread === isUnread) return;
    set.isUnread = isUnread;
    this.#unread += isUnread ? 1 : -1;
  }

  #add(hash: string, attributes: Attributes, at: HrTime): ObservedSet {
    const set = new ObservedSet(
      { hash, attributes, startTime: at, endTime: this.#endTime },
      this.#points.at(-1),
    );
    this.#byHash.set(hash, set);
    if (Object.isFrozen(this.#points)) this.#points = [...this.#points];
    this.#points.push(set);
    return set;
  }
}
