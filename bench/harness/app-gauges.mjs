import { BenchMonitor } from "./bench-monitor.mjs";
import { seriesKinds } from "./series-kinds.mjs";
import { seededRandom } from "./statistics.mjs";

const PREFIX = "app_level";
/** Series of one metric: apps have many metrics, and no metric with 100,000 series. */
const SERIES_OF_METRIC = 1000;
/** Room for the series of our own metrics. */
const OTHER_SERIES = 1000;

/** The monitor of an app with gauge series: random walks, seasons, ramps, near constants and counts in turn. */
export function monitorOfGauges(series) {
  const monitor = new BenchMonitor({ maxSeries: series + OTHER_SERIES });
  const random = seededRandom(1);
  const kinds = Object.values(seriesKinds);
  const gauges = Array.from({ length: series }, (_, index) => ({
    value: kinds[index % kinds.length](random),
    labels: { part: `part-${index % SERIES_OF_METRIC}` },
    reads: 0,
  }));
  for (let first = 0; first < series; first += SERIES_OF_METRIC) {
    const ofMetric = gauges.slice(first, first + SERIES_OF_METRIC);
    monitor.meter.createObservableGauge(`${PREFIX}.${first / SERIES_OF_METRIC}`).addCallback((result) => {
      for (const gauge of ofMetric) {
        gauge.reads += 1;
        result.observe(gauge.value(gauge.reads), gauge.labels);
      }
    });
  }
  return monitor;
}

/** Whether all gauges have forecasts at all horizons: `forecast_ready` is 1. */
export function areForecast(monitor) {
  const forecasts = monitor.pipeline.engine
    .forecasts()
    .filter(({ metricName }) => metricName.startsWith(PREFIX));
  return forecasts.length > 0 && forecasts.every(({ state }) => state === "ready");
}
