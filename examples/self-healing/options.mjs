import { fileURLToPath } from "node:url";

/**
 * Options of this example, without those that the environment sets: an option overrides its
 * variable.
 */
const settings = {
  OTEL_EXPORTER_PROMETHEUS_PORT: { port: 9091 },
  OTEL_FORECAST_COLLECTION_INTERVAL: { collectionIntervalMillis: 250 },
  OTEL_FORECAST_WINDOW: { windowMillis: 120_000 },
  OTEL_FORECAST_INTERVAL: { forecastIntervalMillis: 15_000 },
  OTEL_FORECAST_HORIZONS: { horizons: ["1m", "5m"] },
  OTEL_FORECAST_AGENT: { agentName: "self-healing" },
  OTEL_FORECAST_CONFIG_FILE: { configFile: fileURLToPath(new URL("forecast.yaml", import.meta.url)) },
};

/** The time between two samples. */
export const collectionIntervalMillis =
  Number(process.env.OTEL_FORECAST_COLLECTION_INTERVAL) ||
  settings.OTEL_FORECAST_COLLECTION_INTERVAL.collectionIntervalMillis;

export function options() {
  const open = Object.entries(settings).filter(([variable]) => !process.env[variable]?.trim());
  return Object.assign({}, ...open.map(([, option]) => option));
}
