import { expect, it } from "vitest";
import { App, HOUR } from "../run/clock-app.ts";
import { MINUTE } from "../run/harness.ts";

const SINCE_TICKS = 20;

/** How good forecasts of a curve were when the clock was set some ticks ago. */
async function reviewAfter(step: number) {
  const app = new App({ method: "linear-trend" });
  await app.ticks(100);
  app.world.setMillis = step;
  await app.ticks(SINCE_TICKS);
  const [forecaster] = Array.from(app.harness.pipeline.engine.forecasters).filter(
    ({ plan }) => plan.key.metric === "level",
  );
  const [{ trial } = { trial: undefined }] = forecaster?.saved()?.trials ?? [];
  return {
    scored: trial?.review.scored,
    ratio: await app.value("forecast_error_ratio", { metric: "level" }),
    coverage: await app.value("forecast_interval_coverage", { metric: "level" }),
  };
}

it("forecasts of before the clock was set are scored as they would have been", async () => {
  const undisturbed = await reviewAfter(0);
  expect(undisturbed.scored).toBeGreaterThan(2 * SINCE_TICKS);
  for (const step of [5 * MINUTE, -5 * MINUTE, HOUR, -12 * HOUR]) {
    expect(await reviewAfter(step)).toEqual({
      scored: undisturbed.scored,
      ratio: expect.closeTo(undisturbed.ratio ?? Number.NaN, 9),
      coverage: undisturbed.coverage,
    });
  }
});
