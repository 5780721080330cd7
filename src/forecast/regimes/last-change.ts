import { type Change, changeBy, newnessOf } from "./change.ts";
import type { FarPoint } from "./outliers.ts";
import { type MoveLine, SustainedMove } from "./sustained-move.ts";

/** The last change of a series, and where the series has moved since. */
export class LastChange {
  #change: Change | undefined;
  #move: SustainedMove | undefined;

  get change(): Change | undefined {
    return this.#change;
  }

  /** Steps since the series began to change; 0 when it never has. */
  ageAt(time: number): number {
    return this.#change === undefined ? 0 : time - this.#change.start + 1;
  }

  /** 1 while the change is new, falling to 0; 0 when there was none. */
  newnessAt(time: number): number {
    return this.#change === undefined ? 0 : newnessOf(this.#change, this.ageAt(time));
  }

  /** The line of all points since, if the series goes on to move away. */
  lineBeside(noise: number): MoveLine | undefined {
    return this.#move?.lineBeside(noise);
  }

  /** Takes a point that belongs to the current regime. */
  take(time: number, value: number): void {
    this.#move?.take(time, value);
  }

  /** The series has left its line slowly, which is not new to a backtest of as many points. */
  drifted(start: number, levelBefore: number): void {
    this.#change = { start, levelBefore, novelty: 0, isDrift: true };
    this.#move = undefined;
  }

  /** The series has left its line suddenly. Returns the change that the jump belongs to. */
  jumped(points: readonly [FarPoint, ...FarPoint[]], levelBefore: number, novelty: number): Change {
    const [first] = points;
    const change = changeBy({ start: first.time, levelBefore, novelty }, this.#change);
    this.#change = change;
    // Points that belong to the change before also belong to its move.
    const isNew = change.start === first.time;
    const move = isNew || this.#move === undefined ? new SustainedMove(levelBefore, first) : this.#move;
    for (const { time, value } of move === this.#move ? points : points.slice(1)) move.take(time, value);
    this.#move = move;
    return change;
  }
}
