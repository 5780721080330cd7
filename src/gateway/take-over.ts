import { YieldingRunner } from "../core/yielding-runner.ts";
import type { ForecastPipeline } from "../run/forecast-pipeline.ts";

/**
 * Hands on what one pipeline has learnt to another one, which has not begun: the windows, the alerts,
 * and the history and models of the series, unless their view is another one now. Which view a series had
 * is known when it has a value: those that were only restored are handed on.
 */
export async function takeOver(from: ForecastPipeline, to: ForecastPipeline): Promise<void> {
  const slices = new YieldingRunner(to.surroundings);
  const known = new Set(to.options.views.map((view) => JSON.stringify(view)));
  const kept = new Set<string>();
  const changed = new Set<string>();
  for (const { plan } of from.engine.forecasters)
    (known.has(JSON.stringify(plan.view)) ? kept : changed).add(plan.key.metric);
  const now = to.clock.now();
  for (const window of from.windows.saved()) {
    to.windows.restore(window, now, to.clock.ranMillis());
    if (slices.isDue) await slices.pause();
  }
  to.alerting.restore(from.alerting.save());
  for (const series of from.engine.saved()) {
    const { metric } = series.key;
    if (kept.has(metric) || !changed.has(metric)) to.engine.restore(series, now);
    if (slices.isDue) await slices.pause();
  }
}
