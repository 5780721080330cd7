import { familyOf } from "../../advice/metric-advice.ts";
import type { ForecastMetric } from "../catalogue/forecast-metric.ts";

/** A Go template that shows the value at hand, `.`, as a person reads values of this metric. */
export function shownValue({ unit, bounds }: Pick<ForecastMetric, "unit" | "bounds">, value: string): string {
  if (unit === "%") return `{{ ${value} | printf "%.1f" }}%`;
  if (unit === "s") return `{{ ${value} | humanizeDuration }}`;
  if (unit === "By") return `{{ ${value} | humanize1024 }}B`;
  if (bounds.lower === 0 && bounds.upper === 1) return `{{ ${value} | humanizePercentage }}`;
  return `{{ ${value} | humanize }}`;
}

/** A limit as a person reads it. */
export function shownLimit({ unit, bounds }: Pick<ForecastMetric, "unit" | "bounds">, value: number): string {
  if (unit === "%") return `${value}%`;
  if (unit === "s") return `${value} s`;
  if (bounds.lower === 0 && bounds.upper === 1) return `${Number((value * 100).toPrecision(6))}%`;
  return String(value);
}

/** What a person calls a metric, such as "memory use" or "task success rate". */
export function nounOf(metric: string): string {
  return familyOf(metric).noun;
}

/** A metric at the beginning of a sentence or as a title: "Memory use"; a name that nobody has put in words stays as it is. */
export function headingOf(metric: string): string {
  const noun = nounOf(metric);
  return noun === metric ? metric : `${noun.charAt(0).toUpperCase()}${noun.slice(1)}`;
}

/** Whose series an alert is about, as a template. */
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
 * Collects the labels of the series that an alert is about into `$of`, so that a query in the same template asks for
 * that very series: what an alert has beside them says something of the forecast.
 */
export const LABELS_OF_SERIES =
  '{{ $of := "" }}{{ range $name, $value := $labels }}' +
  '{{ if not (match "^(__name__|horizon|level|metric)$" $name) }}{{ $of = printf "%s%s=%q," $of $name $value }}{{ end }}{{ end }}';

/** The first value of a query about the series at hand, shown; `otherwise` where there is none. */
export function queried(query: string, shown: (value: string) => string, otherwise = "unknown"): string {
  return `{{ with query (printf ${JSON.stringify(query)} $of) }}${shown(". | first | value")}{{ else }}${otherwise}{{ end }}`;
}
