import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { onProcess } from "../../src/system/process-events.ts";

const warnings: string[] = [];
const onWarning = ({ name }: Error): void => void warnings.push(name);
let before: number;

beforeEach(() => {
  warnings.length = 0;
  process.on("warning", onWarning);
  before = process.listenerCount("worker");
});

afterEach(() => {
  process.off("warning", onWarning);
});

function emit(given: unknown): void {
  for (const listener of process.listeners("worker")) listener(given as never);
}

it("has one listener for all, and none after the last has stopped", async () => {
  const heard: string[] = [];
  const stops = Array.from({ length: 50 }, (_, index) =>
    onProcess("worker", (given: string) => heard.push(`${index} ${given}`)),
  );
  expect(process.listenerCount("worker")).toBe(before + 1);
  emit("a");
  expect(heard).toHaveLength(50);
  for (const stop of stops.slice(1)) stop();
  emit("b");
  expect(heard.slice(50)).toEqual(["0 b"]);
  stops[0]?.();
  emit("c");
  expect(heard).toHaveLength(51);
  expect(process.listenerCount("worker")).toBe(before);
  // Node warns in a later turn.
  await new Promise((done) => setImmediate(done));
  expect(warnings).toEqual([]);
});

it("reaches the others if one throws, or stops another", () => {
  const last = vi.fn();
  const stops = [
    onProcess("worker", () => {
      throw new Error("no");
    }),
    onProcess("worker", () => stopLast()),
  ];
  const stopLast = onProcess("worker", last);
  emit("a");
  expect(last).toHaveBeenCalledTimes(1);
  emit("b");
  expect(last).toHaveBeenCalledTimes(1);
  for (const stop of stops) stop();
});

it("listens again if the application has removed all listeners", () => {
  const [first, second] = [vi.fn(), vi.fn()];
  const stopFirst = onProcess("worker", first);
  process.removeAllListeners("worker");
  const stopSecond = onProcess("worker", second);
  emit("a");
  expect([first.mock.calls, second.mock.calls]).toEqual([[["a"]], [["a"]]]);
  stopFirst();
  stopSecond();
});
