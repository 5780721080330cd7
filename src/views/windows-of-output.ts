import type { HistogramWindow } from "../statistics/histogram-window.ts";
import type { SumWindow } from "../statistics/sliding-window.ts";
import type { OutputState } from "./output-state.ts";
import type { SharedWindows } from "./shared-windows.ts";
import type { OutputWindows } from "./window-of.ts";

/** The windows of one output of a selection, as they are when they are read. */
export class WindowsOfOutput implements OutputWindows {
  readonly slices: number;
  readonly #state: OutputState;
  readonly #shared: SharedWindows;

  constructor(state: OutputState, shared: SharedWindows, slices: number) {
    this.#state = state;
    this.#shared = shared;
    this.slices = slices;
  }

  get counted(): SumWindow | undefined {
    return this.#state.counted;
  }

  get count(): SumWindow | undefined {
    return this.#shared.count;
  }

  get levels(): SumWindow | undefined {
    return this.#shared.levels;
  }

  get durations(): HistogramWindow | undefined {
    return this.#shared.durations;
  }

  countedEver(): number {
    return this.#state.countedEver;
  }

  countEver(): number {
    return this.#shared.countEver;
  }

  sumEver(): number {
    return this.#shared.sumEver;
  }
}
