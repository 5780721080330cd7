import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { until } from "../../eventually.ts";
import { randomFrom } from "../../harness/random-from.ts";
import { stateFolder } from "./folder.ts";
import { dataIn, idsAt, SLOTS } from "./versions.ts";

const KILLS = 40;
/** It is killed so many flushes after its start at most, and so long after the last of these. */
const MOST_FLUSHES = 6;
const MOST_MILLIS = 60;
const writer = join(import.meta.dirname, "apps/writer.ts");
const folder = stateFolder();
const random = randomFrom(7);

/** Starts a process that writes versions, kills it, and returns the last version that it had flushed. */
async function killed(): Promise<number> {
  const child = spawn(process.execPath, ["--no-warnings", writer, folder.path]);
  let [printed, errors] = ["", ""];
  child.stdout.on("data", (text) => {
    printed += text;
  });
  child.stderr.on("data", (text) => {
    errors += text;
  });
  const closed = new Promise((done) => child.once("close", done));
  const flushes = Math.floor(random() * (MOST_FLUSHES + 1));
  await until(() => printed.split("\n").length > flushes || errors !== "");
  await delay(random() * MOST_MILLIS);
  child.kill("SIGKILL");
  await closed;
  expect(errors).toBe("");
  return Number(printed.trimEnd().split("\n").at(-1));
}

it(`a process that is killed ${KILLS} times loses only what was not flushed, and tears nothing`, async () => {
  let flushed = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    flushed = Math.max(flushed, await killed());
    const { store, loaded } = await folder.opened({ slots: SLOTS });
    for (const slot of SLOTS) {
      const version = store.offsetsOf(slot)?.version ?? 0;
      // A flush that was going on may have reached the disk for some slots.
      expect(version).toBeGreaterThanOrEqual(flushed);
      expect(version).toBeLessThanOrEqual(flushed + 1);
      const records = [...loaded.values()].filter((one) => one.slot === slot);
      expect(records.map(({ id }) => id).toSorted()).toEqual(
        version === 0 ? [] : idsAt(slot, version).toSorted(),
      );
      for (const { data, isLatest } of records) {
        expect(data).toEqual(dataIn(version));
        expect(isLatest).toBe(true);
      }
    }
    await store.close();
  }
  expect(folder.said).toEqual([]);
  expect(flushed).toBeGreaterThan(KILLS);
});
