import { setImmediate } from "node:timers/promises";
import type { Steps } from "../core/yielding-runner.ts";

/** The size of a piece, in bytes. */
const PIECE_LENGTH = 65_536;
/** A UTF-16 code unit has at most this many bytes in UTF-8. */
const MAX_UNIT_BYTES = 3;
/** Shorter texts are written here: to call the encoder costs more than to copy their characters. */
const SHORT_LENGTH = 128;
const LAST_ASCII = 127;
const NO_PIECE = Buffer.alloc(0);
/** The longest time that a writer may work without yielding to the event loop. */
const WORK_MILLIS = 3;
/** The clock is read once in this many steps. */
const STEPS_PER_CLOCK_READ = 64;

/**
 * Collects text as pieces of UTF-8, and reports when a writer should yield to the event loop. So a
 * long exposition does not block the process that it measures.
 */
export class PacedText {
  #pieces: Buffer[] = [];
  #piece = NO_PIECE;
  /** How much of the piece is used. */
  #length = 0;
  #steps = 0;
  #restedAt = performance.now();

  /** Begins a new text. What was added and not finished is dropped. */
  begin(): void {
    this.#pieces = [];
    this.#piece = NO_PIECE;
    this.#length = 0;
    this.#restedAt = performance.now();
  }

  add(text: string): void {
    if (this.#length + text.length * MAX_UNIT_BYTES > this.#piece.length) this.#makeRoom(text.length);
    if (text.length < SHORT_LENGTH && this.#addAscii(text)) return;
    this.#length += this.#piece.write(text, this.#length);
  }

  /** Adds what is no text. It must not change afterwards. */
  addBytes(bytes: Uint8Array): void {
    if (this.#length > 0) this.#makeRoom(0);
    this.#pieces.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
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

  /** Does work that adds nothing, with rests. */
  async paced<Result>(work: Steps<Result>): Promise<Result> {
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      if (this.isRestDue()) await this.rest();
    }
  }

  /** Everything that was added, in order. It does not keep it. */
  finish(): Buffer[] {
    this.#endPiece();
    const pieces = this.#pieces;
    this.begin();
    return pieces;
  }

  /** Returns `false` if the text has other characters: then nothing is added. */
  #addAscii(text: string): boolean {
    const piece = this.#piece;
    const start = this.#length;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > LAST_ASCII) return false;
      piece[start + index] = code;
    }
    this.#length = start + text.length;
    return true;
  }

  #makeRoom(textLength: number): void {
    this.#endPiece();
    this.#piece = Buffer.allocUnsafeSlow(Math.max(PIECE_LENGTH, textLength * MAX_UNIT_BYTES));
  }

  #endPiece(): void {
    if (this.#length > 0) this.#pieces.push(this.#piece.subarray(0, this.#length));
    this.#length = 0;
  }
}
