import { writeSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { SlotStore } from "../../../../src/gateway/state/slot-store.ts";
import { offsetsAt, recordsAt, SLOTS } from "../versions.ts";

// Writes one version of the state after the other until it is killed, and prints each that is on the disk.
const [directory = ""] = process.argv.slice(2);
const clock = { elapsedMillis: () => performance.now(), pause: () => nextTurn() };
// A state keeps no process alive.
setInterval(() => {}, 60_000);
const store = new SlotStore({ directory, clock, slots: SLOTS });
await store.open(() => true);
if (!store.isOpen) throw new Error("the state can't be opened");
const versions = SLOTS.map((slot) => store.offsetsOf(slot)?.version ?? 0);
for (let version = Math.max(...versions) + 1; ; version += 1) {
  const result = await store.flush(recordsAt(version), { offsets: offsetsAt(version), isWhole: true });
  if (result === undefined || result.failed.size > 0) throw new Error("the state can't be flushed");
  writeSync(1, `${version}\n`);
}
