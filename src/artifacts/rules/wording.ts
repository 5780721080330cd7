import { inUnitsOf, pluralOf, quantityOf } from "../../advice/human-units.ts";
import { familyOf } from "../../advice/metric-advice.ts";
import { labelName } from "../../prometheus/label-texts.ts";
import type { ForecastMetric } from "../catalogue/forecast-metric.ts";

/** What decides how a value is written. */
export type Measured = Pick<ForecastMetric, "metric" | "unit" | "bounds">;

const LIMIT_DIGITS = 6;

/** A Go template that shows a value of this metric with its unit. */
export function shownValue(measured: Measured, value: string): string {
  if (isShare(measured)) return `{{ ${value} | humanizePercentage }}`;
  switch (quantityOf(measured.metric, measured.unit)) {
    case "percent":
      return `{{ ${value} | printf "%.1f" }}%`;
    case "share":
      return `{{ ${value} | humanizePercentage }}`;
    case "duration":
      return `{{ ${value} | humanizeDuration }}`;
    case "bytes":
      return `{{ ${value} | humanize1024 }}B`;
    case "bytes-per-second":
      return `{{ ${value} | humanize1024 }}B/s`;
    case "per-second":
      return `{{ ${value} | humanize }} per second`;
    case "usd":
      return `{{ ${value} | humanize }} USD`;
    case "number":
      return `{{ ${value} | humanize }}${nounOfUnit(measured.unit)}`;
  }
}

/** A limit of this metric with its unit. */
export function shownLimit(measured: Measured, value: number): string {
  const { metric, unit } = measured;
  const metricName = isShare(measured) ? "_ratio" : metric;
  return inUnitsOf({ metricName, unit }, value, LIMIT_DIGITS);
}

/** Whether it is a share, whatever its name is. */
function isShare({ unit, bounds }: Measured): boolean {
  return (unit === "" || unit === "1") && bounds.lower === 0 && bounds.upper === 1;
}

function nounOfUnit(unit: string): string {
  if (unit === "" || unit === "1") return "";
  const noun = /^\{(.+)\}$/.exec(unit)?.[1];
  return ` ${noun === undefined ? unit : pluralOf(noun)}`;
}

/**
 * A metric as a title: "Memory use", or "Active tasks" for their number. A metric without words keeps
 * its name.
 */
export function headingOf(metric: string): string {
  const { noun } = familyOf(metric);
  if (noun === metric) return metric;
  const title = noun.replace(/^number of /, "");
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
}

/** Whose metric it is, for a summary: " of an agent". */
export function ownerOf({ isOfAgent, isOverAgents }: Pick<Owned, "isOfAgent" | "isOverAgents">): string {
  if (isOfAgent === undefined) return "";
  if (isOverAgents) return " of all agents";
  return isOfAgent ? " of an agent" : " of the system";
}

/** What decides how a series is named. */
type Owned = Pick<ForecastMetric, "metric" | "isOfAgent" | "isOverAgents" | "otherLabels">;

/**
 * The series that an alert is about, in words, as a template: "The memory use of agent planner on
 * a:1 (ai_cloud_memory_usage_percent)". Queries after it can select the series by `$of`.
 */
export function subjectOf(series: Owned): string {
  const { metric, isOfAgent } = series;
  const { noun } = familyOf(metric);
  const owner = isOfAgent === false ? ownerOf(series) : "{{ with $labels.agent }} of agent {{ . }}{{ end }}";
  const which = namedLabels(series) === undefined ? "" : "{{ with $which }} ({{ . }}){{ end }}";
  const name = noun === metric ? "" : ` (${metric})`;
  const where = "{{ with $labels.instance }} on {{ . }}{{ end }}";
  return `${labelsOf(series)}The ${noun}${owner}${which}${where}${name}`;
}

/** `ai_cloud_memory_usage_percent` is `AiCloudMemoryUsagePercent`. */
export function camelCase(name: string): string {
  return name
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("");
}

/** Labels that a scrape adds to every series of a target. The text names the instance. */
const OF_TARGET =
  "job|instance|namespace|pod|container|service|endpoint|node|cluster|env|environment|prometheus|replica";

/**
 * The condition on `$name` under which a text names a label beside the agent; `undefined`: never.
 * The labels of our own metrics are known. Of other metrics every label may matter that is not one
 * of the target.
 */
function namedLabels({ isOfAgent, otherLabels }: Owned): string | undefined {
  if (isOfAgent === undefined) return `not (match "^(agent|${OF_TARGET})$" $name)`;
  return otherLabels.length === 0 ? undefined : `match "^(${otherLabels.map(labelName).join("|")})$" $name`;
}

/**
 * Collects the labels of the alert's series. `$of` are their matchers, so that a query in the same
 * template selects exactly that series. `$which` are those that the text names, in words. The
 * labels of the forecast (`horizon`, `level`, `metric`) are left out.
 */
function labelsOf(series: Owned): string {
  const named = namedLabels(series);
  const which =
    named === undefined
      ? ""
      : `{{ if ${named} }}{{ if $which }}{{ $which = printf "%s, " $which }}{{ end }}` +
        '{{ $which = printf "%s%s %s" $which $name $value }}{{ end }}';
  return (
    `{{ $of := "" }}${which === "" ? "" : '{{ $which := "" }}'}{{ range $name, $value := $labels }}` +
    '{{ if not (match "^(__name__|horizon|level|metric)$" $name) }}{{ $of = printf "%s%s=%q," $of $name $value }}' +
    `${which}{{ end }}{{ end }}`
  );
}

/** Shows the first value of a query about the alert's series; `otherwise` if there is none. */
export function queried(query: string, shown: (value: string) => string, otherwise = "unknown"): string {
  return `{{ with query (printf ${JSON.stringify(query)} $of) }}${shown(". | first | value")}{{ else }}${otherwise}{{ end }}`;
}

/**
 * What the alert's series is now, such as "80% now and ". Nothing if the measured series is not
 * published beside its forecasts: elsewhere it may have other labels.
 */
export function valueNow(
  { metric, origin }: Pick<ForecastMetric, "metric" | "origin">,
  shown: (value: string) => string,
): string {
  return origin === undefined ? `${queried(`${metric}{%s}`, shown)} now and ` : "";
}
