import type { Labels } from "../core/series-key.ts";
import { compileAny, compileFilter } from "../views/pattern.ts";

/** A test of series. */
export interface SeriesTest {
  matches(metric: string, labels: Labels): boolean;
}

/** A test of series by patterns of metrics, agents and labels. Absent patterns match everything. */
export function seriesTest(
  metrics: readonly string[] | undefined,
  agents: readonly string[] | undefined,
  where?: Readonly<Record<string, string>>,
): SeriesTest {
  const isMetric = compileAny(metrics ?? ["*"]);
  const isAgent = agents === undefined ? undefined : compileAny(agents);
  const isWhere = compileFilter(where);
  return {
    matches: (metric, labels) =>
      isMetric(metric) &&
      (isAgent === undefined || (labels.agent !== undefined && isAgent(labels.agent))) &&
      isWhere(labels),
  };
}
