import type { Sample } from "../core/sample.ts";
import { FOLDS, type Folded, type FoldKind } from "./fold.ts";
import type { Resolution } from "./resolution.ts";
import { Ring } from "./ring.ts";
import type { TierEnd, TierSnapshot } from "./series-snapshot.ts";
import { type TierHistory, type TierPoints, withLast } from "./tier-history.ts";
import { type TierShape, tierShape } from "./tier-shape.ts";
import { gridAround, middleOf, slotAt, type TimeGrid } from "./time-slots.ts";

/** What happened to a sample. `out_of_order` is older than the open slot. */
export type TierOutcome = "stored" | "out_of_order";

/**
 * Whether slots begin where they should: not yet for a new tier. Those of a restored one stay if
 * the first sample is near the middle of its slot.
 */
type Anchoring = "new" | "restored" | "anchored";

/** The usual slots since a cursor, which every series asks for at every sample: the open one. */
const onlyOpen = new Float64Array(1);
const NO_VALUES = new Float64Array(0);

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
export class Tier implements TimeGrid {
  readonly #shape: TierShape;
  readonly #ring: Ring;
  #originMillis = 0;
  #anchoring: Anchoring = "new";
  #slot = 0;
  // What the open slot has so far: in fields, as there are thousands of tiers.
  #value = 0;
  #count = 0;
  #at = 0;

  constructor(resolution: Resolution, fold: FoldKind, centred: boolean) {
    this.#shape = tierShape(resolution, fold, centred);
    this.#ring = new Ring(resolution.capacity);
  }

  get stepSeconds(): number {
    return this.#shape.stepSeconds;
  }

  get season(): number | undefined {
    return this.#shape.season;
  }

  get originMillis(): number {
    return this.#originMillis;
  }

  /** Whether a slot is open: not before the first sample. */
  get hasOpen(): boolean {
    return this.#count > 0;
  }

  /** The value of the open slot so far. */
  get openValue(): number {
    return this.#value;
  }

  /** The time of the newest sample of the open slot. */
  get openAt(): number {
    return this.#at;
  }

  /** The number of completed slots with a value. */
  get known(): number {
    return this.#ring.known;
  }

  /** Whether a sample of this time would be the first of the slot after the open one. */
  isNext(at: number): boolean {
    return this.hasOpen && slotAt(this, at) === this.#slot + 1;
  }

  append(sample: Sample): TierOutcome {
    if (this.#anchoring !== "anchored") this.#anchor(sample.at);
    const slot = slotAt(this, sample.at);
    if (this.hasOpen) {
      if (slot < this.#slot) return "out_of_order";
      if (slot === this.#slot) {
        this.#add(sample);
        return "stored";
      }
      this.#close(slot);
    }
    this.#slot = slotAt(this, sample.at);
    this.#value = sample.value;
    this.#count = 1;
    this.#at = sample.at;
    return "stored";
  }

  /** The completed slots, oldest first. With `includeOpen`, the open slot too. O(length). */
  history(includeOpen: boolean): TierHistory {
    const isOpen = includeOpen && this.hasOpen;
    const closed = this.#ring.toArray();
    const values = isOpen ? withLast(closed, this.#value) : closed;
    const cursor = this.#slot + (isOpen ? 1 : 0);
    return {
      values,
      stepSeconds: this.stepSeconds,
      cursor,
      ...(this.season === undefined ? {} : { season: this.season }),
      ...(values.length === 0 ? {} : { lastAt: middleOf(this, cursor - 1) }),
    };
  }

  /**
   * The slots from `cursor` on that were completed. With `includeOpen`, the open slot too, once: a
   * later sample of the same slot is left out. O(their number).
   *
   * @param until the time of the last sample that counts. The slot that was open then is the open one.
   */
  since(cursor: number, includeOpen: boolean, until = Number.POSITIVE_INFINITY): TierPoints {
    const open = Math.min(this.#slot, slotAt(this, until));
    const wanted = Math.max(0, open - cursor);
    const isOpen = includeOpen && this.hasOpen && cursor <= open;
    const next = isOpen ? open + 1 : Math.max(cursor, open);
    const lastAt = middleOf(this, next - 1);
    if (wanted === 0) {
      onlyOpen[0] = this.#valueOf(open);
      return { values: isOpen ? onlyOpen : NO_VALUES, cursor: next, complete: true, lastAt };
    }
    const completed = this.#ring.toArray(wanted, this.#slot - open);
    const values = isOpen ? withLast(completed, this.#valueOf(open)) : completed;
    return { values, cursor: next, complete: completed.length === wanted, lastAt };
  }

  /** Moves all slots in time, after the clock was set. */
  shift(millis: number): void {
    this.#moveGrid(millis);
    this.#at += millis;
  }

  /** Where it begins, and the number of its open slot. */
  get end(): TierEnd {
    return { originMillis: this.#originMillis, slot: this.#slot };
  }

  /** @param from the first slot whose value is wanted. Default: the oldest. */
  snapshot(from = Number.NEGATIVE_INFINITY): TierSnapshot {
    const open = this.#open;
    return {
      stepSeconds: this.stepSeconds,
      originMillis: this.#originMillis,
      slot: this.#slot,
      values: this.#ring.toArray(this.#slot - from),
      ...(open === undefined ? {} : { open }),
    };
  }

  /**
   * Takes over the slots of a tier with the same step, before its first value. Slots that are in the future, because the
   * clock was put back meanwhile, are moved back: they would refuse samples until then.
   */
  restore({ values, slot, originMillis, open }: TierSnapshot, now: number): void {
    for (const value of values.slice(-this.#ring.capacity)) this.#ring.push(value ?? Number.NaN);
    const stepMillis = this.stepSeconds * 1000;
    const ahead = Math.max(0, Math.ceil((originMillis + slot * stepMillis - now) / stepMillis));
    this.#originMillis = originMillis - ahead * stepMillis;
    this.#slot = slot;
    if (open !== undefined) {
      this.#value = open.value;
      this.#count = open.count;
      this.#at = Math.min(open.at, now);
    }
    // The new process may sample at another phase than the one before.
    this.#anchoring = "restored";
  }

  get #open(): Folded | undefined {
    return this.hasOpen ? { value: this.#value, count: this.#count, at: this.#at } : undefined;
  }

  #valueOf(slot: number): number {
    return slot === this.#slot ? this.#value : this.#ring.before(this.#slot - slot - 1);
  }

  #add(sample: Sample): void {
    this.#value = FOLDS[this.#shape.fold](this.#value, this.#count, this.#at, sample);
    this.#count += 1;
    this.#at = Math.max(this.#at, sample.at);
  }

  #close(next: number): void {
    const missing = next - this.#slot - 1;
    const tooMany = this.#tooMany(missing);
    if (tooMany > 0) this.#moveGrid(tooMany * this.stepSeconds * 1000);
    this.#ring.push(this.#value);
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
    this.#originMillis += millis;
  }

  #anchor(at: number): void {
    const isNear =
      this.#anchoring === "restored" &&
      Math.abs(at - middleOf(this, slotAt(this, at))) < NEAR_MIDDLE * this.stepSeconds * 1000;
    if (this.#shape.isCentred && !isNear) this.#originMillis = gridAround(this, at).originMillis;
    this.#anchoring = "anchored";
  }
}
