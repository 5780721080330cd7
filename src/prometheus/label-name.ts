import { shortText } from "../core/short-name.ts";

/**
 * The Prometheus label that an attribute key becomes: characters that Prometheus does not take become `_`, several of
 * them one, a key that is very long is cut, and a leading digit is put behind `key_`. Labels that begin with two underscores belong to Prometheus, so
 * `__name__` becomes `_name_`; a key in which nothing can be kept becomes `_`.
 *
 * Follows https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ (Metric Attributes).
 */
export function labelName(key: string): string {
  const safe = shortText(key).replace(/[^a-zA-Z0-9]+/g, "_");
  if (safe === "") return "_";
  return /^[0-9]/.test(safe) ? `key_${safe}` : safe;
}
