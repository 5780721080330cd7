import { xxHash32 } from "./xx-hash-32.ts";

/**
 * The hash space of series has so many slots, and the state of each slot is a file of its own. The number is
 * the same for every gateway and version: files can be moved.
 */
export const SLOT_COUNT = 256;

const HASH_BITS = 32;
const SLOT_BITS = Math.log2(SLOT_COUNT);

/** The parts that a state is made of, each with a file of its own. */
export interface SlotSpace {
  /** How many there may be. It is in each file: files of one space are not taken for those of another. */
  readonly count: number;
  /** The name of the file of a slot. */
  name(slot: number): string;
}

/** The slots of the hash space of series. */
export const HASH_SLOTS: SlotSpace = { count: SLOT_COUNT, name: slotName };

/** The partitions of a topic: Kafka numbers them with 31 bits. */
export const PARTITION_SLOTS: SlotSpace = { count: 2 ** 31, name: (partition) => `partition-${partition}` };

/** The slot of a series: the first bits of the xxHash32 of its id, 0 to 255. */
export function slotOf(seriesId: string): number {
  return xxHash32(seriesId) >>> (HASH_BITS - SLOT_BITS);
}

/** The name of a slot and of its file, such as `slot-07`. */
export function slotName(slot: number): string {
  return `slot-${slot.toString(16).padStart(2, "0")}`;
}

/** @throws RangeError if it is not the number of a slot. */
export function expectedSlot(slot: number): number {
  if (Number.isSafeInteger(slot) && slot >= 0 && slot < SLOT_COUNT) return slot;
  throw new RangeError(
    `the slot ${slot} does not exist, expected a whole number from 0 to ${SLOT_COUNT - 1}`,
  );
}
