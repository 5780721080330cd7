import { expect, it } from "vitest";
import { Harness, MINUTE } from "../run/harness.ts";

const METRIC = "queue_depth";

/** A pipeline with a gauge that has one value all the time. */
function still(horizons: readonly string[]) {
  const harness = new Harness({ collectionIntervalMillis: MINUTE, horizons, method: "auto" });
  const gauge = harness.application().getMeter("app").createGauge(METRIC);
  const shown = async (name: string): Promise<unknown[]> =>
    ((await harness.shown()).get(name) ?? [])
      .filter(({ labels }) => labels.metric === METRIC)
      .map(({ value }) => value);
  return {
    run: (minutes: number, value: number) => harness.ticks(minutes, () => gauge.record(value)),
    saved: () =>
      Array.from(harness.pipeline.engine.forecasters)
        .find(({ plan }) => plan.key.metric === METRIC)
        ?.saved(),
    shown,
  };
}

it("the jump of a series that never moved makes a new model, which is not judged by the forecasts before", async () => {
  const { run, saved } = still(["5m"]);
  await run(40, 5);
  await run(1, 50);
  const { still: stood, trials = [] } = saved() ?? {};
  const [{ trial } = { trial: undefined }] = trials;
  expect(stood).toBeUndefined();
  expect(trial?.review.scored).toBeGreaterThan(20);
  expect(trial?.renewedAt).toBe(trial?.review.newestAt);
});

it("a series that never moved saves since when, and nothing else of its trials, which are the best", async () => {
  const { run, saved, shown } = still(["5m", "1h"]);
  await run(110, 5);
  const { still: stood, trials, chosen } = saved() ?? {};
  expect(stood).toMatchObject({ value: 5 });
  expect(trials).toEqual([]);
  expect(chosen?.surprises).toEqual([]);
  expect(await shown("forecast_error_ratio")).toEqual([1, 1]);
  expect(await shown("forecast_interval_coverage")).toEqual([1, 1]);
});
