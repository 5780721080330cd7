import { expect, test } from "vitest";
import { Harness, World } from "./harness.ts";

test("the parts of a collection share slices of the event loop", async () => {
  // A look at the clock takes a millisecond, and pauses are due after two.
  let elapsed = 0;
  let pausedAt = 0;
  let longest = 0;
  const world = Object.assign(new World(), {
    elapsedMillis: () => {
      elapsed += 1;
      longest = Math.max(longest, elapsed - pausedAt);
      return elapsed;
    },
    pause: async () => {
      pausedAt = elapsed;
    },
  });
  const harness = new Harness({}, world);
  await harness.ticks(16, () => {
    for (const agentName of ["one", "two", "three"]) harness.pipeline.recordAgent({ agentName, cpuUsage: 5 });
    // The collection begins in a turn of its own.
    pausedAt = elapsed;
  });
  expect(elapsed).toBeGreaterThan(16 * 12);
  // Two, and the looks of one step and of what is not sliced.
  expect(longest).toBeLessThan(15);
});
