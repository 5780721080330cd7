import type { History } from "../core/history.ts";
import type { Sample } from "../core/sample.ts";
import { type Folded, type FoldKind, foldIn, foldOf } from "./fold.ts";
import type { Resolution } from "./resolution.ts";
import { Ring } from "./ring.ts";
import type { TierSnapshot } from "./series-snapshot.ts";
import { clockGrid, dayInSteps, gridAround, middleOf, slotAt, type TimeGrid } from "./time-slots.ts";

/** The history of a tier, and where it ends. */
export interface TierHistory extends History {
  /** Pass it to `since` to get the slots that are completed later. */
  readonly cursor: number;
  /** The middle of the last slot, in epoch milliseconds; absent when there is none. */
  readonly lastAt?: number;
}

/** The slots that were completed since a cursor. */
export interface TierPoints {
  /** Oldest first; `NaN` for a gap. */
  readonly values: Float64Array;
  readonly cursor: number;
  /**
   * False when some slots after the cursor are no longer stored. A model that needs them must be
   * fitted again.
   */
  readonly complete: boolean;
  /** The middle of the slot before the new cursor, in epoch milliseconds. */
  readonly lastAt: number;
}

/** What happened to a sample. `out_of_order` is older than the open slot. */
export type TierOutcome = "stored" | "out_of_order";

/**
 * Whether slots begin where they should: not yet for a new tier. Those of a restored one stay if
 * the first sample is near the middle of its slot.
 */
type Anchoring = "new" | "restored" | "anchored";

/** A sample that is less than this share of a step from the middle of its slot stays away from its borders. */
const NEAR_MIDDLE = 0.25;

/**
 * One resolution of a series. Samples are folded into slots of `stepSeconds`, and the last
 * `capacity` completed slots are stored. A slot is complete when a sample of a later one arrives; a
 * slot without samples is `NaN`. At most half of a tier is a gap: the slots before a longer gap move
 * up, by whole days if the tier shows a daily season.
 *
 * Slots start at multiples of the step since the epoch. When `centred`, they start so that the
 * first sample lies in the middle of its slot. Samples that come once a step then stay away from
 * the borders, where jitter would put two into one slot and none into the next.
 */
export class Tier {
  readonly stepSeconds: number;
  readonly season: number | undefined;
  readonly #ring: Ring;
  readonly #fold: FoldKind;
  readonly #centred: boolean;
  #grid: TimeGrid;
  #anchoring: Anchoring = "new";
  #slot = 0;
  #open: Folded | undefined;

  constructor(resolution: Resolution, fold: FoldKind, centred: boolean) {
    this.stepSeconds = resolution.stepSeconds;
    this.season = dayInSteps(resolution.stepSeconds, resolution.capacity);
    this.#ring = new Ring(resolution.capacity);
    this.#fold = fold;
    this.#centred = centred;
    this.#grid = clockGrid(resolution.stepSeconds);
  }

  /** The number of completed slots with a value. */
  get known(): number {
    return this.#ring.known;
  }

  append(sample: Sample): TierOutcome {
    if (this.#anchoring !== "anchored") this.#anchor(sample.at);
    const slot = slotAt(this.#grid, sample.at);
    if (this.#open !== undefined && slot < this.#slot) return "out_of_order";
    if (this.#open !== undefined && slot === this.#slot) {
      this.#open = foldIn(this.#fold, this.#open, sample);
      return "stored";
    }
    if (this.#open !== undefined) this.#close(this.#open, slot);
    this.#slot = slotAt(this.#grid, sample.at);
    this.#open = foldOf(sample);
    return "stored";
  }

  /** The completed slots, oldest first. With `includeOpen`, the open slot too. O(length). */
  history(includeOpen: boolean): TierHistory {
    const open = includeOpen ? this.#open : undefined;
    const values = open === undefined ? this.#ring.toArray() : withLast(this.#ring.toArray(), open.value);
    const cursor = this.#slot + (open === undefined ? 0 : 1);
    return {
      values,
      stepSeconds: this.stepSeconds,
      cursor,
      ...(this.season === undefined ? {} : { season: this.season }),
      ...(values.length === 0 ? {} : { lastAt: middleOf(this.#grid, cursor - 1) }),
    };
  }

  /**
   * The slots from `cursor` on that were completed. With `includeOpen`, the open slot too, once: a
   * later sample of the same slot is left out. O(their number).
   */
  since(cursor: number, includeOpen: boolean): TierPoints {
    const wanted = Math.max(0, this.#slot - cursor);
    const values = this.#ring.toArray(wanted);
    const complete = values.length === wanted;
    if (!includeOpen || this.#open === undefined || cursor > this.#slot) {
      const next = Math.max(cursor, this.#slot);
      return { values, cursor: next, complete, lastAt: middleOf(this.#grid, next - 1) };
    }
    const lastAt = middleOf(this.#grid, this.#slot);
    return { values: withLast(values, this.#open.value), cursor: this.#slot + 1, complete, lastAt };
  }

  /** Moves all slots in time, after the clock was set. */
  shift(millis: number): void {
    this.#moveGrid(millis);
    if (this.#open !== undefined) this.#open = { ...this.#open, at: this.#open.at + millis };
  }

  snapshot(): TierSnapshot {
    return {
      stepSeconds: this.stepSeconds,
      originMillis: this.#grid.originMillis,
      slot: this.#slot,
      values: this.#ring.toArray(),
      ...(this.#open === undefined ? {} : { open: this.#open }),
    };
  }

  /**
   * Takes over the slots of a tier with the same step. Slots that are in the future, because the
   * clock was put back meanwhile, are moved back: they would refuse samples until then.
   */
  restore({ values, slot, originMillis, open }: TierSnapshot, now: number): void {
    this.#ring.clear();
    for (const value of values.slice(-this.#ring.capacity)) this.#ring.push(value ?? Number.NaN);
    const stepMillis = this.stepSeconds * 1000;
    const ahead = Math.max(0, Math.ceil((originMillis + slot * stepMillis - now) / stepMillis));
    this.#grid = { stepSeconds: this.stepSeconds, originMillis: originMillis - ahead * stepMillis };
    this.#slot = slot;
    this.#open = open && { ...open, at: Math.min(open.at, now) };
    // The new process may sample at another phase than the one before.
    this.#anchoring = "restored";
  }

  #close(open: Folded, next: number): void {
    const missing = next - this.#slot - 1;
    const tooMany = this.#tooMany(missing);
    this.#moveGrid(tooMany * this.stepSeconds * 1000);
    this.#ring.push(open.value);
    const gap = Math.min(missing - tooMany, this.#ring.capacity);
    for (let slot = 0; slot < gap; slot++) this.#ring.push(Number.NaN);
  }

  /** How many missing slots are left out, so that the slots before them are kept. */
  #tooMany(missing: number): number {
    const excess = missing - Math.floor(this.#ring.capacity / 2);
    if (excess <= 0) return 0;
    const period = this.season ?? 1;
    return period * Math.min(Math.ceil(excess / period), Math.floor(missing / period));
  }

  #moveGrid(millis: number): void {
    this.#grid = { ...this.#grid, originMillis: this.#grid.originMillis + millis };
  }

  #anchor(at: number): void {
    const isNear =
      this.#anchoring === "restored" &&
      Math.abs(at - middleOf(this.#grid, slotAt(this.#grid, at))) < NEAR_MIDDLE * this.stepSeconds * 1000;
    if (this.#centred && !isNear) this.#grid = gridAround(this.#grid, at);
    this.#anchoring = "anchored";
  }
}

function withLast(values: Float64Array, last: number): Float64Array {
  const longer = new Float64Array(values.length + 1);
  longer.set(values);
  longer[values.length] = last;
  return longer;
}
