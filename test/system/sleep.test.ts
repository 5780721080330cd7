import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { sleep } from "../../src/system/sleep.ts";

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

it("ends with its time, and at once when it is aborted, before and after it has begun", async () => {
  await sleep(1);
  const stop = new AbortController();
  const waiting = sleep(600_000, stop.signal);
  stop.abort();
  await waiting;
  await sleep(600_000, stop.signal);
  expect(stop.signal.aborted).toBe(true);
});
