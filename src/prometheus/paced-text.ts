import { setImmediate } from "node:timers/promises";

/** Text is turned into bytes in pieces of about this many characters, so that no large string is ever held. */
const pieceLength = 65_536;
/** How long one may write without letting the rest of the process have its turn. */
const breathMillis = 6;
/** The clock is read once in this many steps. */
const stepsPerLook = 64;

/**
 * Collects text as UTF-8 in pieces, and says when it is time to let the event loop turn: a long exposition is
 * written without holding up the process that it speaks of.
 */
export class PacedText {
  readonly #pieces: Buffer[] = [];
  #text = "";
  #steps = 0;
  #breathedAt = performance.now();

  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= pieceLength) this.#flush();
  }

  /** Counts one step of work; true when the writer ought to `await rest()` before the next. */
  isRestDue(): boolean {
    this.#steps += 1;
    return this.#steps % stepsPerLook === 0 && performance.now() - this.#breathedAt > breathMillis;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#breathedAt = performance.now();
  }

  /** All that was added, in order. */
  finish(): Buffer[] {
    this.#flush();
    return this.#pieces;
  }

  #flush(): void {
    if (this.#text !== "") this.#pieces.push(Buffer.from(this.#text));
    this.#text = "";
  }
}
