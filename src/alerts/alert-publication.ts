import type { Labels } from "../core/series-key.ts";
import { FORECAST_METRICS } from "../metrics/forecast-metrics.ts";
import type { ForecastProducer, PublishedSeries } from "../otel/forecast-producer.ts";
import { withoutReserved } from "../otel/reserved-labels.ts";
import type { AlertState } from "./state/alert-state.ts";
import type { TrackedAlert } from "./tracked-alert.ts";

/** A higher value is more urgent, so `max()` over series gives the most urgent state. */
const VALUES: Readonly<Record<AlertState, number>> = { inactive: 0, resolved: 1, pending: 2, firing: 3 };

/** Publishes the states of alerts, and removes them with their series. */
export class AlertPublication {
  readonly #producer: ForecastProducer;
  readonly #series = new WeakMap<TrackedAlert, PublishedSeries>();

  constructor(producer: ForecastProducer) {
    this.#producer = producer;
  }

  put(alert: TrackedAlert): void {
    let series = this.#series.get(alert);
    if (series === undefined) {
      series = this.#producer.series(FORECAST_METRICS.alertState, labelsOf(alert));
      this.#series.set(alert, series);
    }
    series.put(VALUES[alert.standing.state]);
  }

  remove(alert: TrackedAlert): void {
    this.#series.get(alert)?.remove();
  }
}

/** Whether a published state is that of an alert that fires. */
export function isFiring(value: unknown): boolean {
  return value === VALUES.firing;
}

function labelsOf({ key, rule }: TrackedAlert): Labels {
  return {
    ...withoutReserved(key.labels, FORECAST_METRICS.alertState.labels),
    alert: rule.name,
    horizon: rule.horizon.label,
    metric: key.metric,
  };
}
