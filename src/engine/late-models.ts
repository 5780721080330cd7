import type { Bounds } from "../core/bounds.ts";
import type { Sample } from "../core/sample.ts";
import type { WindowedNumber } from "../core/windowed-number.ts";
import { NOBODYS_ROW } from "../math/row-table.ts";
import type { TieredSeries } from "../series/tiered-series.ts";
import type { SavedLearnt } from "./learnt-schema.ts";
import { COLLECTIONS_AT_ONCE } from "./postponed-values.ts";
import { SeriesModels } from "./series-models.ts";
import type { SeriesPlan } from "./series-plan.ts";

/**
 * The models of a series, which may be late: as long as its values are what was expected, they wait for each
 * other. Whoever reads the models gets them as if each had been taken when it came.
 */
export class LateModels {
  readonly #plan: SeriesPlan;
  readonly #models: SeriesModels;
  /** That of nobody while each value counts. */
  #row = NOBODYS_ROW;
  #turn = 0;
  #isRemoved = false;

  constructor(series: TieredSeries, plan: SeriesPlan) {
    this.#plan = plan;
    this.#models = new SeriesModels(series, plan);
  }

  /** The number of the last collection in which the series had a value. */
  get turn(): number {
    return this.#turn;
  }

  /** The models, up to date. */
  get now(): SeriesModels {
    this.#release();
    return this.#models;
  }

  /** The models as they are, for what no value changes: which there are, and why there are none. */
  get present(): SeriesModels {
    return this.#models;
  }

  /** Whether the value of a collection, which the series has stored already, can wait. */
  postpone(turn: number, value: number): boolean {
    const isNext = turn === this.#turn + 1 && !this.#models.hasSaved;
    if (!isNext || !this.#plan.postponed.take(this.#row, value)) return false;
    this.#turn = turn;
    return true;
  }

  /** Updates the models with the value of a collection, which the series has stored already. */
  feed(turn: number): void {
    this.#release();
    this.#turn = turn;
    this.#models.feed();
  }

  /**
   * Whether a tier needs a new model now. As long as the values of the series wait for each other, its
   * models become too old only when it is its turn: so it does not matter who has read them.
   */
  isDue(now: number): boolean {
    const models = this.now;
    const isCalm = this.#row !== NOBODYS_ROW && !models.isWaiting && !models.isSurprised;
    return isCalm && !this.#plan.postponed.isTurnOf(this.#row) ? false : models.isDue(now);
  }

  /** What was learnt, as plain data. */
  saved(): SavedLearnt {
    const saved = this.now.saved();
    const unsurprising = this.#plan.postponed.boundsOf(this.#row);
    return unsurprising === undefined ? saved : { ...saved, unsurprising };
  }

  /** Takes over what the last process learnt, as far as the series is forecast in the same way. */
  restore(learnt: SavedLearnt): void {
    this.#models.restore(learnt);
    if (this.#models.hasSaved) this.#await(learnt.unsurprising);
  }

  /** Makes one of the models of the last process again. Without it, no value may wait. */
  makeSaved(): void {
    if (!this.now.makeSaved()) this.#await(undefined);
  }

  /**
   * The next value will not be that of the next slot, or follows one of the last process that it is not next
   * to. Call it before the series stores it: then slots may get other values, or other times.
   */
  catchUp(): void {
    this.#release();
    this.#await(undefined);
  }

  /** Scores past forecasts by the newest value, and remembers new ones. Call it after each `feed`. */
  review(latest: Sample, window: WindowedNumber | undefined): void {
    this.#models.review(latest, window);
    this.#await(this.#models.unsurprising(COLLECTIONS_AT_ONCE));
  }

  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  remove(): void {
    this.#isRemoved = true;
    this.#models.remove();
    this.#row = this.#plan.postponed.delete(this.#row);
  }

  /**
   * Does with the values that wait what was not done when they came. None of them decides about a model:
   * the one that would replace it is made of the values of the series, which are newer by now.
   */
  #release(): void {
    this.#plan.postponed.release(this.#row, this.#turn, (at, value) => {
      this.#models.feed(at);
      this.#models.review({ at, value }, undefined, { decides: false });
    });
  }

  /** From now on, values within these bounds wait. `undefined`: each value counts. */
  #await(bounds: Required<Bounds> | undefined): void {
    const { postponed } = this.#plan;
    if (bounds === undefined || this.#isRemoved) {
      this.#row = postponed.delete(this.#row);
      return;
    }
    if (this.#row === NOBODYS_ROW) this.#row = postponed.add(this.#plan.phase);
    postponed.await(this.#row, bounds);
  }
}
