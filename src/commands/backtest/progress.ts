import { Presets, SingleBar } from "cli-progress";

/** Work that is done sooner needs no bar. */
const PATIENCE_MILLIS = 500;

/** Shows how far a run is, once it has taken a while. Only for a stream that is a terminal. */
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
    } else if (this.#now() - this.#startedAt > PATIENCE_MILLIS) {
      this.#bar.start(total, done);
      this.#isShown = true;
    }
  }

  finished(): void {
    if (this.#isShown) this.#bar?.stop();
  }
}
