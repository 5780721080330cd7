import fc from "fast-check";
import { expect, it } from "vitest";
import { runs } from "../harness/runs.ts";
import { App, HOUR } from "./clock-app.ts";

it("goes on over any steps of the clock and any pauses", async () => {
  const event = fc.record({
    step: fc.oneof(fc.constant(0), fc.integer({ min: -12 * HOUR, max: 12 * HOUR })),
    pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 * HOUR })),
    sleep: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 * HOUR })),
    ticks: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 8 }), async (events) => {
      const it = new App();
      await it.ticks(20);
      for (const { step, pause, sleep, ticks } of events) {
        it.world.setMillis += step;
        it.world.millis += pause + sleep;
        it.world.asleepMillis += sleep;
        await it.ticks(ticks);
        expect(await it.value("forecast_ready", { metric: "level" })).toBe(1);
      }
      await it.ticks(4);
      expect(await it.value("forecast_ready", { metric: "level" })).toBe(1);
      expect([...it.harness.pipeline.skips.counts]).toEqual([]);
      expect([...it.fired]).toEqual([]);
    }),
    { numRuns: runs(15) },
  );
});
