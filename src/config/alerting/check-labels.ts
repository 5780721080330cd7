import { nearestNames } from "../../core/nearest-names.ts";
import { patternsMeet } from "../../views/pattern.ts";
import type { Findings } from "./findings.ts";
import type { KnownMetric } from "./known-metrics.ts";

/** A selection of series by labels. */
interface LabelSelection {
  readonly agents?: readonly string[];
  readonly where?: Readonly<Record<string, string>>;
}

/**
 * Reports labels that none of the selected metrics has, so that nothing is selected. The labels of
 * an application's own metric are known only if a view names them.
 *
 * @param selected patterns of the names of the metrics.
 */
export function checkLabels(
  { agents, where = {} }: LabelSelection,
  selected: readonly string[],
  metrics: readonly KnownMetric[],
  findings: Findings,
): void {
  const chosen = metrics.filter(({ pattern }) => selected.some((name) => patternsMeet(pattern, name)));
  const labels = chosen.map((metric) => metric.labels);
  if (labels.length === 0 || !labels.every((it) => it !== undefined)) return;
  const known = [...new Set(labels.flat())];
  const add = (label: string, at: Findings): void => {
    if (known.includes(label)) return;
    const nearest = nearestNames(label, known).join(", ");
    const hint = nearest === "" ? "it has none" : `its labels are ${known.join(", ")}`;
    at.add(`${selected.join(", ")} has no label ${label}; ${hint}`);
  };
  if (agents !== undefined) add("agent", findings.at("agents"));
  for (const [label, pattern] of Object.entries(where))
    if (needsLabel(pattern)) add(label, findings.at("where", label));
}

/** Whether a pattern matches no series without the label. An absent label is empty. */
function needsLabel(pattern: string): boolean {
  return pattern !== "" && pattern !== "*" && !pattern.startsWith("!");
}
