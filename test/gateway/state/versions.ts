import { slotOf } from "../../../src/gateway/state/slots.ts";
import type { SlotOffsets, StateRecord } from "../../../src/gateway/state/state-record.ts";

/** A few slots with many records each, so that their files are often compacted. */
export const SLOTS = [3, 77, 140, 255];
const RECORDS_OF_SLOT = 12;
const VALUES = 400;

/** The ids of a slot. */
export const idsOf = new Map(SLOTS.map((slot) => [slot, idsIn(slot)]));

function idsIn(slot: number): string[] {
  const ids: string[] = [];
  for (let number = 0; ids.length < RECORDS_OF_SLOT; number += 1)
    if (slotOf(`series ${number}`) === slot) ids.push(`series ${number}`);
  return ids;
}

/** What is saved of a thing by a version. */
export function dataIn(version: number): { readonly version: number; readonly values: Float64Array } {
  return { version, values: new Float64Array(VALUES).fill(version) };
}

/** The ids of a slot that a version has: each version lacks another one. */
export function idsAt(slot: number, version: number): string[] {
  return (idsOf.get(slot) ?? []).filter((_id, index) => index !== version % RECORDS_OF_SLOT);
}

export function* recordsAt(version: number): Iterable<StateRecord> {
  for (const slot of SLOTS)
    for (const id of idsAt(slot, version)) yield { kind: "series", id, data: () => dataIn(version) };
}

export function offsetsAt(version: number): ReadonlyMap<number, SlotOffsets> {
  return new Map(SLOTS.map((slot) => [slot, { version }]));
}
