import { expect, test } from "vitest";
import { type Steps, YieldingRunner } from "../../src/core/yielding-runner.ts";

/** A clock on which every step of work takes `stepMillis`, with how many steps were done before each pause. */
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

test("pauses whenever eight milliseconds have been worked, and gives what was made", async () => {
  const { clock, steps, pausedAfter } = clockOfWork(2);
  expect(await new YieldingRunner(clock).run(steps(10))).toBe("10 steps");
  expect(pausedAfter).toEqual([4, 8]);
});

test("several works share a slice", async () => {
  const { clock, steps, pausedAfter } = clockOfWork(2);
  const slices = new YieldingRunner(clock);
  await slices.run(steps(3));
  await slices.run(steps(3));
  expect(pausedAfter).toEqual([4]);
});

test("short work never pauses, and an error of the work is the caller's", async () => {
  const { clock, steps, pausedAfter } = clockOfWork(0);
  const slices = new YieldingRunner(clock);
  await slices.run(steps(1000));
  expect(pausedAfter).toEqual([]);
  // biome-ignore lint/correctness/useYield: it fails before it gets there
  const failing = (function* (): Steps<void> {
    throw new Error("no");
  })();
  await expect(slices.run(failing)).rejects.toThrow("no");
});
