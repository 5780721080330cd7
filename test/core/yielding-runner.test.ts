import { expect, test } from "vitest";
import { atOnce, type Steps, YieldingRunner } from "../../src/core/yielding-runner.ts";

/**
 * A clock on which every step of work takes `stepMillis`. `pausedAfter`: the number of steps before
 * each pause.
 */
function clockOfWork(stepMillis: number) {
  const done: number[] = [];
  const pausedAfter: number[] = [];
  const clock = {
    elapsedMillis: () => done.length * stepMillis,
    pause: async () => {
      pausedAfter.push(done.length);
    },
  };
  function* steps(count: number): Steps<string> {
    for (let step = 0; step < count; step += 1) {
      done.push(step);
      yield;
    }
    return `${count} steps`;
  }
  return { clock, steps, pausedAfter };
}

test("pauses after each two milliseconds of work, and returns the result", async () => {
  const { clock, steps, pausedAfter } = clockOfWork(1);
  expect(await new YieldingRunner(clock).run(steps(10))).toBe("10 steps");
  expect(pausedAfter).toEqual([2, 4, 6, 8, 10]);
});

test("work that runs in turn shares a slice", async () => {
  const { clock, steps, pausedAfter } = clockOfWork(1);
  const slices = new YieldingRunner(clock);
  await slices.run(steps(1));
  await slices.run(steps(2));
  expect(pausedAfter).toEqual([2]);
});

test("short work never pauses, and an error of the work reaches the caller", async () => {
  const { clock, steps, pausedAfter } = clockOfWork(0);
  const slices = new YieldingRunner(clock);
  await slices.run(steps(1000));
  expect(pausedAfter).toEqual([]);
  // biome-ignore lint/correctness/useYield: it throws before it could yield
  const failing = (function* (): Steps<void> {
    throw new Error("no");
  })();
  await expect(slices.run(failing)).rejects.toThrow("no");
});

test("work at once never pauses", () => {
  const { steps, pausedAfter } = clockOfWork(1);
  expect(atOnce(steps(10))).toBe("10 steps");
  expect(pausedAfter).toEqual([]);
});
