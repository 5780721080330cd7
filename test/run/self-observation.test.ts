import { expect, it } from "vitest";
import { Harness } from "./harness.ts";

it("there are counters at 0 when nothing was dropped or skipped", async () => {
  const harness = new Harness();
  await harness.ticks(3);
  expect(await harness.value("forecast_series_dropped_total", { reason: "none" })).toBe(0);
  expect(await harness.value("forecast_skipped_total", { reason: "none" })).toBe(0);
  expect(await harness.value("forecast_runs_total")).toBe(2);
});

it("a counter has a point for each reason, and none without a reason then", async () => {
  const harness = new Harness();
  const { skips } = harness.pipeline;
  skips.skip("too_late", "a task", 2);
  skips.skip("not_finite", "a task");
  await harness.ticks(1);
  const shown = (await harness.shown()).get("forecast_skipped_total");
  expect(shown?.map(({ labels, value }) => [labels.reason, value])).toEqual([
    ["too_late", 2],
    ["not_finite", 1],
  ]);
});
