import type { Labels } from "../core/series-key.ts";
import { log } from "../logging/component-logger.ts";
import { FORECAST_METRICS } from "../metrics/forecast-metrics.ts";
import { isFiring } from "./alert-publication.ts";
import type { AlertStanding } from "./state/alert-state.ts";
import type { TrackedAlert } from "./tracked-alert.ts";

/**
 * Logs that an alert without actions has begun to fire or has become worse, and that any alert has
 * ended. The runs of actions are logged with the same text when it fires; not every action runs when
 * it ends.
 */
export function logChange(tracked: TrackedAlert, before: AlertStanding | undefined): void {
  const isFiring = tracked.standing.state === "firing";
  if (isFiring ? tracked.rule.actions.length > 0 : before?.state !== "firing") return;
  const { name, severity, description } = tracked.describe();
  if (isFiring) log.warn(`alert ${name} (${severity}) fires: ${description}`);
  else log.info(`alert ${name} has ended: ${description}`);
}

/** A published series of another thread or process, as it reported it. */
interface ReportedSeries {
  readonly metric: { readonly name: string };
  readonly labels: Labels;
  readonly value: unknown;
}

/**
 * Logs the ends of the alerts that fired in another thread or process when it was last heard. It
 * can't log them itself: it may have died.
 */
export function logEndsElsewhere(series: readonly ReportedSeries[], why: string): void {
  for (const { metric, labels, value } of series) {
    if (metric.name !== FORECAST_METRICS.alertState.name || !isFiring(value)) continue;
    const { alert, metric: name, agent } = labels;
    log.info(`alert ${alert} has ended: ${name} of ${agent} is no longer measured; ${why}`);
  }
}
