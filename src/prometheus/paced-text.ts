import { setImmediate } from "node:timers/promises";

/** Text is encoded in pieces of about this many characters, so that no string gets large. */
const PIECE_LENGTH = 65_536;
/** The longest time that a writer may work without yielding to the event loop. */
const WORK_MILLIS = 3;
/** The clock is read once in this many steps. */
const STEPS_PER_CLOCK_READ = 64;

/**
 * Collects text as pieces of UTF-8, and reports when a writer should yield to the event loop. So a
 * long exposition does not block the process that it measures.
 */
export class PacedText {
  readonly #pieces: Buffer[] = [];
  #text = "";
  #steps = 0;
  #restedAt = performance.now();

  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= PIECE_LENGTH) this.#flush();
  }

  /**
   * Counts one step of work. Returns `true` if the writer should `await rest()` before the next
   * step.
   */
  isRestDue(): boolean {
    this.#steps += 1;
    return this.#steps % STEPS_PER_CLOCK_READ === 0 && performance.now() - this.#restedAt > WORK_MILLIS;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#restedAt = performance.now();
  }

  /** Everything that was added, in order. */
  finish(): Buffer[] {
    this.#flush();
    return this.#pieces;
  }

  #flush(): void {
    if (this.#text !== "") this.#pieces.push(Buffer.from(this.#text));
    this.#text = "";
  }
}
