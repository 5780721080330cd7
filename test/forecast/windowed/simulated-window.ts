import type { Bounds } from "../../../src/core/bounds.ts";
import type { WindowedFraction, WindowSpan } from "../../../src/core/windowed-number.ts";
import { WindowedForecaster } from "../../../src/forecast/windowed/windowed-forecaster.ts";
import { RowTables } from "../../../src/math/row-tables.ts";
import { WindowClock } from "../../../src/measure/window-clock.ts";
import { SumWindow } from "../../../src/statistics/sliding-window.ts";

export const STEP_SECONDS = 10;

/** A rate or a ratio over a window of a simulated process. */
export class SimulatedWindow implements WindowedFraction {
  readonly kind: "rate" | "ratio";
  readonly clock: WindowClock;
  readonly #part: SumWindow;
  readonly #whole: SumWindow;
  readonly #ever = { part: 0, whole: 0 };
  millis = 0;

  constructor(kind: "rate" | "ratio", windowSeconds: number) {
    this.kind = kind;
    this.clock = new WindowClock({
      windowMillis: windowSeconds * 1000,
      intervalMillis: STEP_SECONDS * 1000,
      startedAt: 0,
    });
    this.#part = new SumWindow({ slices: this.clock.slices });
    this.#whole = new SumWindow({ slices: this.clock.slices });
  }

  get span(): WindowSpan {
    return this.clock;
  }

  get value(): number {
    if (this.kind === "rate") return this.#part.total / this.clock.coveredSeconds;
    return this.#whole.total > 0 ? this.#part.total / this.#whole.total : 0;
  }

  counted(): { part: number; whole: number } {
    return { ...this.#ever };
  }

  knownAfter(begunSlices: number): { part: number; whole: number } {
    const left = this.clock.slices - begunSlices;
    return { part: this.#part.totalOfNewest(left), whole: this.#whole.totalOfNewest(left) };
  }

  /** A collection after some seconds, in which this was counted. */
  collect(part: number, whole: number, afterSeconds = STEP_SECONDS): void {
    this.millis += afterSeconds * 1000;
    for (let begun = this.clock.moveTo(this.millis); begun > 0; begun--) {
      this.#part.advance();
      this.#whole.advance();
    }
    this.#part.add(part);
    this.#whole.add(whole);
    this.#ever.part += part;
    this.#ever.whole += whole;
  }

  forecaster(bounds: Bounds = {}): WindowedForecaster {
    return new WindowedForecaster(this, {
      ...{ bounds, stepMillis: STEP_SECONDS * 1000 },
      tables: new RowTables(1),
    });
  }
}
