import { unitWords } from "./unit-words.ts";

/** The properties that decide on the Prometheus name of a metric. */
export interface MetricIdentity {
  /** Name of the OpenTelemetry instrument. */
  readonly name: string;
  /** Unit of the instrument in UCUM notation; absent or empty: none. */
  readonly unit?: string;
  /**
   * `counter`: a monotonic sum. `up-down-counter`: any other sum, shown as a gauge whose unit `1`
   * is a count.
   */
  readonly type: "gauge" | "counter" | "up-down-counter" | "histogram";
}

/**
 * The Prometheus name of a metric, by OpenTelemetry's translation strategy
 * `UnderscoreEscapingWithSuffixes`. For example, `ai_cloud.latency.p95` in `s` becomes
 * `ai_cloud_latency_p95_seconds`. The name is empty if Prometheus accepts none of its characters:
 * such a metric cannot be shown.
 *
 * Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ (OTLP
 * metric points to Prometheus). It agrees with the reference, github.com/prometheus/otlptranslator,
 * with one exception: a name that ends in the whole of a compound unit does not change
 * (`x_bytes_per_second` in `By/s`), as the specification requires.
 */
export function prometheusName(metric: MetricIdentity): string {
  return escapedName(metric, true);
}

/** `prometheusName`, or the name without the unit and without `_total` and `_ratio`. */
export function escapedName({ name, unit = "", type }: MetricIdentity, addsSuffixes: boolean): string {
  let words = name.split(/[^a-zA-Z0-9:]+/).filter((word) => word !== "");
  if (words.length === 0) return "";
  if (addsSuffixes) {
    words = withUnit(words, unit);
    if (type === "counter") words = endingIn("total", words);
    if (type === "gauge" && unit === "1") words = endingIn("ratio", words);
  }
  const joined = words.join("_");
  return /^[0-9]/.test(joined) ? `_${joined}` : joined;
}

function withUnit(words: readonly string[], unit: string): string[] {
  const { main, per } = unitWords(unit);
  const whole = [main, per].filter((word) => word !== "").join("_");
  if (whole === "" || words.join("_").endsWith(`_${whole}`)) return [...words];
  return [...words, ...[main, per].filter((word) => word !== "" && !words.includes(word))];
}

/**
 * Moves the word to the end, or adds it there: the counter `total.requests` becomes
 * `requests_total`.
 */
function endingIn(word: string, words: readonly string[]): string[] {
  return [...words.filter((other) => other !== word), word];
}

/**
 * The name of a metric with the characters of its instrument: `http.server.request.duration` in `s`
 * is `http.server.request.duration_seconds`, and without suffixes stays as it is.
 *
 * Source: `buildMetricName` of github.com/prometheus/otlptranslator.
 */
export function utf8Name({ name, unit = "", type }: MetricIdentity, addsSuffixes: boolean): string {
  if (!addsSuffixes) return name;
  const { main, per } = unitWords(unit);
  const last = type === "counter" ? "total" : type === "gauge" && unit === "1" ? "ratio" : "";
  const stem = withoutEnding(withoutEnding(name, last), per);
  const endings = [stem.endsWith(main) ? "" : main, per, last].filter((word) => word !== "");
  return [stem, ...endings].join("_");
}

/** Without a word at the end and the character before it. */
function withoutEnding(name: string, word: string): string {
  const isEnding = word !== "" && name.endsWith(word) && name.length > word.length + 1;
  return isEnding ? name.slice(0, -word.length - 1) : name;
}
