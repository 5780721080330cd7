import * as v from "valibot";
import type { ViewProcessor } from "../views/view-processor.ts";
import type { WindowClock } from "./window-clock.ts";

/** After a pause of more collection intervals than this, windows start empty. */
const MAX_PAUSE = 3;

const number = v.pipe(v.number(), v.finite());
const numbers = v.custom<Float64Array>((value) => value instanceof Float64Array && value.length > 0);

const clockSchema = v.object({
  /** When the last collection was, in epoch milliseconds. */
  at: number,
  begun: number,
  windowSeconds: number,
  clock: v.object({ sinceStart: number, begins: numbers, slice: number }),
});

/** Saves and restores the windows of the views: what was counted within the last minutes. */
export class SavedWindows {
  readonly #window: WindowClock;
  readonly #views: ViewProcessor;
  readonly #intervalMillis: number;
  #lastAt: number | undefined;

  constructor(window: WindowClock, views: ViewProcessor, intervalMillis: number) {
    this.#window = window;
    this.#views = views;
    this.#intervalMillis = intervalMillis;
  }

  /** Takes note of a collection, in epoch milliseconds. */
  collected(now: number): void {
    this.#lastAt = now;
  }

  /** Whether this process has collected. Then windows of the last one can only be adopted. */
  get hasCollected(): boolean {
    return this.#lastAt !== undefined;
  }

  /** The clock of the windows, then each window, as plain data. */
  *saved(): Iterable<unknown> {
    if (this.#lastAt === undefined) return;
    const { fullSeconds } = this.#window;
    const { begun } = this.#views.restored;
    yield { at: this.#lastAt, begun, windowSeconds: fullSeconds, clock: this.#window.saved() };
    yield* this.#views.saved();
  }

  /**
   * Takes over what was saved, one after the other. Windows do not go on after a long pause, and
   * not when this process has collected already.
   */
  restore(saved: unknown, now: number, elapsedMillis: number): void {
    if (this.hasCollected) return;
    if (v.is(clockSchema, saved)) this.#goOn(saved, now, elapsedMillis);
    else this.#views.restored.restore(saved);
  }

  /**
   * Takes over windows of another process, while this one runs. Of windows that are older than they are
   * long, what was counted today.
   *
   * @param clock that was saved with them.
   * @param now epoch milliseconds.
   */
  adopt(windows: readonly unknown[], clock: unknown, now: number): void {
    const { slices, fullSeconds } = this.#window;
    const isLikeOurs = v.is(clockSchema, clock) && clock.windowSeconds === fullSeconds;
    const secondsSince = isLikeOurs ? Math.max(0, now - clock.at) / 1000 : fullSeconds;
    const missed = Math.round((secondsSince * slices) / fullSeconds);
    for (const window of windows) this.#views.restored.adopt(window, missed);
  }

  /** How long ago the last collection was that a saved clock knows; 0 if it knows none. */
  millisSince(clock: unknown, now: number): number {
    return v.is(clockSchema, clock) ? Math.max(0, now - clock.at) : 0;
  }

  /** Drops what was taken over and not gone on with, by the ids of the windows. */
  drop(test: (id: string) => boolean): void {
    this.#views.restored.drop(test);
  }

  #goOn(saved: v.InferOutput<typeof clockSchema>, now: number, elapsedMillis: number): void {
    const pause = now - saved.at;
    if (!(pause >= 0 && pause <= MAX_PAUSE * this.#intervalMillis)) return;
    const { fullSeconds, slices } = this.#window;
    if (saved.windowSeconds !== fullSeconds || saved.clock.begins.length > slices) return;
    this.#window.restore(saved.clock, elapsedMillis - pause);
    this.#views.restored.goOn(saved.begun);
  }
}
