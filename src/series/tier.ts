import type { Sample } from "../core/sample.ts";
import { type FoldKind, OpenFold } from "./fold.ts";
import type { Resolution } from "./resolution.ts";
import { Ring } from "./ring.ts";
import type { TierEnd, TierSnapshot } from "./series-snapshot.ts";
import type { TierHistory, TierPoints } from "./tier-history.ts";
import { clockGrid, dayInSteps, gridAround, middleOf, slotAt, type TimeGrid } from "./time-slots.ts";

/** What happened to a sample. `out_of_order` is older than the open slot. */
export type TierOutcome = "stored" | "out_of_order";

/**
 * Whether slots begin where they should: not yet for a new tier. Those of a restored one stay if
 * the first sample is near the middle of its slot.
 */
type Anchoring = "new" | "restored" | "anchored";

/** The usual slots since a cursor, which every series asks for at every sample: the open one. */
const onlyOpen = new Float64Array(1);

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
  readonly #centred: boolean;
  #grid: TimeGrid;
  #anchoring: Anchoring = "new";
  #slot = 0;
  readonly #open: OpenFold;

  constructor(resolution: Resolution, fold: FoldKind, centred: boolean) {
    this.stepSeconds = resolution.stepSeconds;
    this.season = dayInSteps(resolution.stepSeconds, resolution.capacity);
    this.#ring = new Ring(resolution.capacity);
    this.#open = new OpenFold(fold);
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
    if (this.#hasOpen) {
      if (slot < this.#slot) return "out_of_order";
      if (slot === this.#slot) {
        this.#open.add(sample);
        return "stored";
      }
      this.#close(slot);
    }
    this.#slot = slotAt(this.#grid, sample.at);
    this.#open.begin(sample);
    return "stored";
  }

  /** The completed slots, oldest first. With `includeOpen`, the open slot too. O(length). */
  history(includeOpen: boolean): TierHistory {
    const isOpen = includeOpen && this.#hasOpen;
    const closed = this.#ring.toArray();
    const values = isOpen ? withLast(closed, this.#open.value) : closed;
    const cursor = this.#slot + (isOpen ? 1 : 0);
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
    const isOpen = includeOpen && this.#hasOpen && cursor <= this.#slot;
    if (wanted === 0 && isOpen) {
      onlyOpen[0] = this.#open.value;
      const lastAt = middleOf(this.#grid, this.#slot);
      return { values: onlyOpen, cursor: this.#slot + 1, complete: true, lastAt };
    }
    const values = this.#ring.toArray(wanted);
    const complete = values.length === wanted;
    if (!isOpen) {
      const next = Math.max(cursor, this.#slot);
      return { values, cursor: next, complete, lastAt: middleOf(this.#grid, next - 1) };
    }
    const lastAt = middleOf(this.#grid, this.#slot);
    return { values: withLast(values, this.#open.value), cursor: this.#slot + 1, complete, lastAt };
  }

  /** Moves all slots in time, after the clock was set. */
  shift(millis: number): void {
    this.#moveGrid(millis);
    this.#open.at += millis;
  }

  /** Where it begins, and the number of its open slot. */
  get end(): TierEnd {
    return { originMillis: this.#grid.originMillis, slot: this.#slot };
  }

  /** @param from the first slot whose value is wanted. Default: the oldest. */
  snapshot(from = Number.NEGATIVE_INFINITY): TierSnapshot {
    const open = this.#open.saved();
    return {
      stepSeconds: this.stepSeconds,
      originMillis: this.#grid.originMillis,
      slot: this.#slot,
      values: this.#ring.toArray(this.#slot - from),
      ...(open === undefined ? {} : { open }),
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
    if (open !== undefined) this.#open.restore({ ...open, at: Math.min(open.at, now) });
    // The new process may sample at another phase than the one before.
    this.#anchoring = "restored";
  }

  get #hasOpen(): boolean {
    return this.#open.count > 0;
  }

  #close(next: number): void {
    const missing = next - this.#slot - 1;
    const tooMany = this.#tooMany(missing);
    if (tooMany > 0) this.#moveGrid(tooMany * this.stepSeconds * 1000);
    this.#ring.push(this.#open.value);
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
