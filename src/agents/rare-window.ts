import { SumWindow } from "../statistics/sliding-window.ts";
import { SLICES } from "./task-durations.ts";

/** A sliding window of sums that most agents never need: it is allocated by the first number. */
export class RareWindow {
  #window: SumWindow | undefined;

  add(delta: number): void {
    this.#window ??= new SumWindow({ slices: SLICES });
    this.#window.add(delta);
  }

  advance(): void {
    this.#window?.advance();
  }

  get total(): number {
    return this.#window?.total ?? 0;
  }
}
