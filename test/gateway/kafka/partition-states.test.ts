import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { PartitionStates } from "../../../src/gateway/kafka/partition-states.ts";
import type { StateRecord } from "../../../src/gateway/state/state-record.ts";

const PARTITION = 3;

/** Saves three records that take so long each. Returns whether the disk hung, at each pause. */
async function hungAt(millisEach: number): Promise<boolean[]> {
  const directory = mkdtempSync(join(tmpdir(), "otel-forecast-partitions-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  let millis = 10_000;
  const hung: boolean[] = [];
  const pause = (): Promise<void> => {
    hung.push(states.hangs);
    return nextTurn();
  };
  const clock = { elapsedMillis: () => millis, pause };
  const states = new PartitionStates({
    directory,
    topic: "orders",
    clock,
    saveMillis: undefined,
    isMember: () => true,
  });
  states.take(await states.load(PARTITION, () => {}));
  function* records(): Iterable<StateRecord> {
    for (const id of ["a", "b", "c"]) {
      millis += millisEach;
      yield { kind: "series", id, slot: PARTITION, data: () => id };
    }
  }
  expect(await states.save(records(), new Map())).toMatchObject({ written: 3 });
  expect(states.hangs).toBe(false);
  return hung;
}

it("the disk of partitions hangs if it takes nothing for 2 s, however long a save takes", async () => {
  expect(await hungAt(2000)).toEqual([false, false, false]);
  expect(await hungAt(2001)).toEqual([true, true, true]);
});
