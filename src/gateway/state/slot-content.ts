import * as v from "valibot";
import { mapping } from "../../core/mapping.ts";
import { Pace, type YieldingRunner } from "../../core/yielding-runner.ts";
import type { FileWindow } from "./file-window.ts";
import {
  distanceToMarker,
  encodedFrame,
  FIRST_BYTES,
  type Frame,
  frameAt,
  frameLength,
  frameValue,
  VERSION,
} from "./frames.ts";
import { HASH_SLOTS, type SlotSpace } from "./slots.ts";
import type { SlotOffsets } from "./state-record.ts";

const FORMAT = "otel-forecast gateway state";
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const headerSchema = v.object({ format: v.string(), slot: count, slots: count });
const commitSchema = v.object({
  /** The number of frames since the last commit. */
  frames: count,
  offsets: v.exactOptional(mapping(v.string(), v.pipe(v.number(), v.finite()))),
});

/** What a slot's file holds. */
export type SlotContent =
  | { readonly state: "newer"; readonly version: number }
  | {
      readonly state: "read";
      /** The last record of each key, in the order of the file. */
      readonly records: ReadonlyMap<string, Frame>;
      /** What follows was written by a process that was killed before it had finished. */
      readonly end: number;
      readonly offsets: SlotOffsets | undefined;
      /** What is wrong with the file; `undefined` if nothing is. */
      readonly damage: string | undefined;
      /** Something was lost before this place: a later state of the records before it. */
      readonly lostBefore: number;
    };

/** The first bytes of a slot's file. */
export function headerOf(slot: number, { count: slots }: SlotSpace = HASH_SLOTS): Buffer {
  return encodedFrame("header", "", { format: FORMAT, slot, slots });
}

/** Ends a batch: before it, none of its records counts. */
export function commitOf(frames: number, offsets: SlotOffsets | undefined): Buffer {
  return encodedFrame("commit", "", offsets === undefined ? { frames } : { frames, offsets });
}

/** Reads a slot's file. Whatever is not exactly what was written is left out. */
export async function contentOf(
  file: FileWindow,
  slot: number,
  slices: YieldingRunner,
  space: SlotSpace = HASH_SLOTS,
): Promise<SlotContent> {
  const reading = new SlotReading(file.size, slot, space);
  const pace = new Pace();
  while (reading.at < file.size) {
    const length = frameLength(await file.from(reading.at, FIRST_BYTES));
    const { newer } = reading.takeNext(await file.from(reading.at, length));
    if (newer !== undefined) return { state: "newer", version: newer };
    if (pace.isDue() && slices.isDue) await slices.pause();
  }
  return reading.content();
}

/** The frames of a file so far. */
class SlotReading {
  /** The place of the next one. */
  at = 0;
  readonly #size: number;
  readonly #slot: number;
  readonly #space: SlotSpace;
  readonly #records = new Map<string, Frame>();
  #hasHeader = false;
  /** The frames since the last commit. */
  #open: Frame[] = [];
  #end = 0;
  #offsets: SlotOffsets | undefined;
  #altered = 0;
  #missing = 0;
  /** Whether the place before was altered, and whether one since the last commit was. */
  #wasAltered = false;
  #isBatchAltered = false;
  #lostBefore = 0;
  #otherSlot: string | undefined;

  constructor(size: number, slot: number, space: SlotSpace) {
    this.#size = size;
    this.#slot = slot;
    this.#space = space;
  }

  /** Takes the frame that the bytes begin with, and returns its version if that is newer than this package. */
  takeNext(bytes: Buffer): { readonly newer?: number } {
    const place = frameAt(bytes, this.at);
    if (place.state === "whole") {
      const { frame } = place;
      if (frame.version > VERSION) return { newer: frame.version };
      this.#take(frame, bytes.subarray(0, frame.end - frame.start));
      this.at = frame.end;
    } else if (place.state === "cut") {
      this.at = this.#size;
    } else {
      this.#isAltered(place.end ?? this.at + distanceToMarker(bytes));
    }
    this.#wasAltered = place.state === "altered";
    return {};
  }

  content(): SlotContent {
    const damage = this.#damage;
    if (this.#otherSlot !== undefined) this.#records.clear();
    // Of a damaged file everything that is whole counts, also the batch whose end may be what is damaged.
    else if (damage !== undefined) this.#apply();
    const isSound = damage === undefined;
    return {
      state: "read",
      records: this.#records,
      end: this.#end,
      offsets: isSound ? this.#offsets : undefined,
      damage,
      lostBefore: isSound ? 0 : this.#lostBefore,
    };
  }

  #take(frame: Frame, bytes: Buffer): void {
    if (frame.kind === "commit") this.#commit(frame, bytes);
    else if (frame.kind === "header") this.#takeHeader(bytes);
    else this.#open.push(frame);
  }

  #takeHeader(bytes: Buffer): void {
    const header = frameValue(bytes);
    this.#hasHeader = true;
    if (!v.is(headerSchema, header) || header.format !== FORMAT) this.#otherSlot = "it is no state";
    else if (header.slot !== this.#slot || header.slots !== this.#space.count)
      this.#otherSlot = `it is ${this.#space.name(header.slot)} of ${header.slots}`;
  }

  #commit(frame: Frame, bytes: Buffer): void {
    const commit = frameValue(bytes);
    if (!v.is(commitSchema, commit)) {
      this.#isAltered(frame.end);
      return;
    }
    if (commit.frames !== this.#open.length && !this.#isBatchAltered) {
      this.#missing += Math.abs(commit.frames - this.#open.length);
      this.#lostBefore = frame.end;
    }
    this.#apply();
    this.#isBatchAltered = false;
    this.#end = frame.end;
    this.#offsets = commit.offsets;
  }

  /** Goes on at `next`. Places that follow each other are one: where the next begins is only guessed. */
  #isAltered(next: number): void {
    if (!this.#wasAltered) this.#altered += 1;
    this.#isBatchAltered = true;
    this.at = next;
    this.#lostBefore = next;
  }

  #apply(): void {
    for (const frame of this.#open) {
      this.#records.delete(frame.key);
      if (frame.kind === "record") this.#records.set(frame.key, frame);
    }
    this.#open = [];
  }

  get #damage(): string | undefined {
    if (this.#size === 0) return "it is empty";
    if (this.#otherSlot !== undefined) return this.#otherSlot;
    const damage: string[] = [];
    if (!this.#hasHeader) damage.push("its beginning is missing");
    if (this.#altered > 0) damage.push(`altered places: ${this.#altered}`);
    if (this.#missing !== 0) damage.push(`missing records: ${this.#missing}`);
    // A file begins with a whole batch: it is written beside the old one.
    if (this.#end === 0) damage.push("its end is missing");
    return damage.length === 0 ? undefined : damage.join(", ");
  }
}
