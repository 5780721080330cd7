import { numberRow } from "../../math/number-row.ts";
import { type Change, changeBy, newnessOf } from "./change.ts";
import type { FarPoint } from "./outlier.ts";
import { type MoveLine, SustainedMove } from "./sustained-move.ts";

const FIELDS = [
  /** Of the change. Times begin with 1: without a change this is 0. */
  "start",
  "levelBefore",
  "novelty",
  /** 1 or 0. */
  "isDrift",
] as const;

/** The last change of a series, and where the series has moved since. */
export class LastChange extends numberRow(FIELDS, SustainedMove) {
  readonly #move = this.part(new SustainedMove());

  get change(): Change | undefined {
    const { start, levelBefore, novelty, isDrift } = this;
    return start === 0 ? undefined : { start, levelBefore, novelty, isDrift: isDrift === 1 };
  }

  /** Steps since the series began to change; 0 when it never has. */
  ageAt(time: number): number {
    return this.start === 0 ? 0 : time - this.start + 1;
  }

  /** 1 while the change is new, falling to 0; 0 when there was none. */
  newnessAt(time: number): number {
    return this.start === 0 ? 0 : newnessOf(this.isDrift === 1, this.ageAt(time));
  }

  /** The line of all points since, if the series goes on to move away. */
  lineBeside(noise: number): MoveLine | undefined {
    return this.#move.isEmpty ? undefined : this.#move.lineBeside(noise);
  }

  /** Takes a point that belongs to the current regime. */
  take(time: number, value: number): void {
    if (!this.#move.isEmpty) this.#move.take(time, value);
  }

  /** The series has left its line slowly, which is not new to a backtest of as many points. */
  drifted(start: number, levelBefore: number): void {
    this.#set({ start, levelBefore, novelty: 0, isDrift: true });
    this.#move.clear();
  }

  /** The series has left its line suddenly. Returns the change that the jump belongs to. */
  jumped(points: readonly [FarPoint, ...FarPoint[]], levelBefore: number, novelty: number): Change {
    const [first, ...others] = points;
    const change = changeBy({ start: first.time, levelBefore, novelty }, this.change);
    this.#set(change);
    // Points that belong to the change before also belong to its move.
    if (change.start === first.time || this.#move.isEmpty) this.#move.begin(levelBefore, first);
    else this.#move.take(first.time, first.value);
    for (const { time, value } of others) this.#move.take(time, value);
    return change;
  }

  #set({ start, levelBefore, novelty, isDrift }: Change): void {
    this.start = start;
    this.levelBefore = levelBefore;
    this.novelty = novelty;
    this.isDrift = isDrift ? 1 : 0;
  }
}
