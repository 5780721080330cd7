import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { sleep } from "../../src/backfill/sleep.ts";

it("a wait may be longer than a timer of Node can be, which would end at once", async () => {
  const warned = vi.fn();
  process.on("warning", warned);
  const stop = new AbortController();
  const waiting = sleep(2 ** 32, stop.signal);
  await nextTurn();
  stop.abort();
  await waiting;
  process.off("warning", warned);
  expect(warned).not.toHaveBeenCalled();
});
