import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const imported = async (path: string) => await import(pathToFileURL(resolve(root, path)).href);

interface Tick {
  readonly millis: number;
  next(stepMillis: number): void;
}
interface Turns {
  takeLongest(): Promise<number>;
  stop(): void;
}
const { TickClock }: { TickClock: new () => Tick } = await imported("bench/harness/surroundings.mjs");
const { TurnWatch, threadMillis }: { TurnWatch: new () => Turns; threadMillis(): number } =
  await imported("bench/apps/turns.mjs");

/** Works for so much CPU time, however long that takes on a busy machine. */
function work(millis: number): void {
  const end = threadMillis() + millis;
  while (threadMillis() < end) Math.sqrt(end);
}

it("a clock of collections moves on by the CPU time of its thread, and to the next collection that is due", () => {
  const clock = new TickClock();
  const due = Math.floor(clock.millis / 10_000) * 10_000;
  work(5);
  expect(clock.millis).toBeGreaterThanOrEqual(due + 5);
  clock.next(1_000_000);
  expect(clock.millis).toBeGreaterThanOrEqual(due + 1_000_000);
  expect(Math.floor(clock.millis / 10_000) * 10_000).toBe(due + 1_000_000);
});

it("a clock of collections never goes back, and leaves out collections that are past", () => {
  const clock = new TickClock();
  work(5);
  const before = clock.millis;
  clock.next(1);
  expect(clock.millis).toBeGreaterThanOrEqual(before);
});

it("the longest turn of the event loop is that since the last look", async () => {
  const turns = new TurnWatch();
  work(30);
  const first = await turns.takeLongest();
  const later = await turns.takeLongest();
  turns.stop();
  expect(first).toBeGreaterThanOrEqual(30);
  expect(later).toBeLessThan(first);
});
