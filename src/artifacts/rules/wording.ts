import { familyOf } from "../../advice/metric-advice.ts";
import type { ForecastMetric } from "../catalogue/forecast-metric.ts";

/** A Go template that shows a value of this metric with its unit. */
export function shownValue({ unit, bounds }: Pick<ForecastMetric, "unit" | "bounds">, value: string): string {
  if (unit === "%") return `{{ ${value} | printf "%.1f" }}%`;
  if (unit === "s") return `{{ ${value} | humanizeDuration }}`;
  if (unit === "By") return `{{ ${value} | humanize1024 }}B`;
  if (bounds.lower === 0 && bounds.upper === 1) return `{{ ${value} | humanizePercentage }}`;
  return `{{ ${value} | humanize }}`;
}

/** A limit of this metric with its unit. */
export function shownLimit({ unit, bounds }: Pick<ForecastMetric, "unit" | "bounds">, value: number): string {
  if (unit === "%") return `${value}%`;
  if (unit === "s") return `${value} s`;
  if (bounds.lower === 0 && bounds.upper === 1) return `${Number((value * 100).toPrecision(6))}%`;
  return String(value);
}

/** A metric in words, such as "memory use" or "task success rate". */
export function nounOf(metric: string): string {
  return familyOf(metric).noun;
}

/** The same as a title: "Memory use". A metric without words keeps its name. */
export function headingOf(metric: string): string {
  const noun = nounOf(metric);
  return noun === metric ? metric : `${noun.charAt(0).toUpperCase()}${noun.slice(1)}`;
}

/** The agent or system that an alert is about, as a template. */
export function whoseOf({ isOfAgent }: Pick<ForecastMetric, "isOfAgent">): string {
  if (isOfAgent === false) return "the system";
  return "{{ with $labels.agent }}agent {{ . }}{{ else }}{{ $of }}{{ end }}";
}

/** `ai_cloud_memory_usage_percent` is `AiCloudMemoryUsagePercent`. */
export function camelCase(name: string): string {
  return name
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("");
}

/**
 * Collects the labels of the alert's series into `$of`, so that a query in the same template
 * selects exactly that series. The labels of the forecast (`horizon`, `level`, `metric`) are left
 * out.
 */
export const LABELS_OF_SERIES =
  '{{ $of := "" }}{{ range $name, $value := $labels }}' +
  '{{ if not (match "^(__name__|horizon|level|metric)$" $name) }}{{ $of = printf "%s%s=%q," $of $name $value }}{{ end }}{{ end }}';

/** Shows the first value of a query about the alert's series; `otherwise` if there is none. */
export function queried(query: string, shown: (value: string) => string, otherwise = "unknown"): string {
  return `{{ with query (printf ${JSON.stringify(query)} $of) }}${shown(". | first | value")}{{ else }}${otherwise}{{ end }}`;
}
