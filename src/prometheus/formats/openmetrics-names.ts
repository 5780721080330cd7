import { type MetricFamily, TARGET_INFO } from "../metric-families.ts";

/** How a family is named and typed in OpenMetrics. Its samples keep the names that they have in text. */
export interface OpenMetricsFamily {
  readonly name: string;
  readonly type: "gauge" | "counter" | "histogram" | "info" | "unknown";
}

/** How the sample of a counter has to end. */
const TOTAL = "_total";

/** The names that each type claims, beside its own: of its samples. */
const SUFFIXES: Readonly<Record<OpenMetricsFamily["type"], readonly string[]>> = {
  gauge: [],
  counter: [TOTAL, "_created"],
  histogram: ["_bucket", "_sum", "_count", "_created"],
  info: ["_info"],
  unknown: [],
};

/**
 * The names of families in OpenMetrics, where a counter `x_total` belongs to the family `x`, and no
 * family may use a name of another one. If `x` is another metric, the counter becomes a metric of
 * unknown type, whose name stays `x_total`. So does a counter without that ending, which the format does
 * not allow. A family for which no name is left is not in the result.
 */
export function openMetricsNames(families: readonly MetricFamily[]): {
  readonly names: ReadonlyMap<MetricFamily, OpenMetricsFamily>;
  readonly target: OpenMetricsFamily;
} {
  const claimed = new Set<string>();
  const claims = ({ name, type }: OpenMetricsFamily): boolean => {
    const wanted = [name, ...SUFFIXES[type].map((suffix) => name + suffix)];
    if (wanted.some((each) => claimed.has(each))) return false;
    for (const each of wanted) claimed.add(each);
    return true;
  };
  const names = new Map<MetricFamily, OpenMetricsFamily>();
  claimed.add(TARGET_INFO);
  // Those that need most first: a counter has something else to become, a gauge needs its name alone.
  for (const wanted of ["histogram", "gauge", "counter"] as const)
    for (const family of families) {
      if (family.type !== wanted) continue;
      const found = alternatives(family).find(claims);
      if (found !== undefined) names.set(family, found);
    }
  claimed.delete(TARGET_INFO);
  const info: OpenMetricsFamily = { name: "target", type: "info" };
  return { names, target: claims(info) ? info : { name: TARGET_INFO, type: "unknown" } };
}

/** Whether OpenMetrics can't give each family the name and the type that it has in the text format. */
export function clashesInOpenMetrics(families: readonly MetricFamily[]): boolean {
  const { names } = openMetricsNames(families);
  return families.some((family) => names.get(family)?.type !== family.type);
}

function alternatives({ name, type }: MetricFamily): readonly OpenMetricsFamily[] {
  if (type !== "counter") return [{ name, type }];
  const unknown: OpenMetricsFamily = { name, type: "unknown" };
  return name.endsWith(TOTAL) ? [{ name: name.slice(0, -TOTAL.length), type }, unknown] : [unknown];
}
