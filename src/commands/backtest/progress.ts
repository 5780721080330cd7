import { Presets, SingleBar } from "cli-progress";

/** Shorter runs show no bar. */
const SHOWN_AFTER_MILLIS = 500;

/** Shows the progress of a long run. Only on a terminal. */
export class Progress {
  readonly #bar: SingleBar | undefined;
  readonly #now: () => number;
  readonly #startedAt: number;
  #isShown = false;

  constructor(stream: NodeJS.WriteStream, now: () => number) {
    this.#now = now;
    this.#startedAt = now();
    if (!stream.isTTY) return;
    const options = {
      stream,
      format: "{bar} {value} of {total} forecasts, {eta_formatted} left",
      clearOnComplete: true,
    };
    this.#bar = new SingleBar({ ...options, hideCursor: true }, Presets.shades_classic);
  }

  advanced(done: number, total: number): void {
    if (this.#bar === undefined) return;
    if (this.#isShown) {
      this.#bar.update(done);
    } else if (this.#now() - this.#startedAt > SHOWN_AFTER_MILLIS) {
      this.#bar.start(total, done);
      this.#isShown = true;
    }
  }

  finished(): void {
    if (this.#isShown) this.#bar?.stop();
  }
}
