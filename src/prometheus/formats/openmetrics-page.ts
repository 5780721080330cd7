import { escapedHelp } from "../escaped-text.ts";
import { type MetricFamily, TARGET_INFO } from "../metric-families.ts";
import { metricNameText } from "../names/name-text.ts";
import type { PacedText } from "../paced-text.ts";
import type { FittedFamily } from "../page-budget.ts";
import { type SampleRules, writePoints } from "../write-points.ts";
import { canonicalNumber } from "./canonical-number.ts";
import { exemplarText } from "./openmetrics-exemplar.ts";
import { type OpenMetricsFamily, openMetricsNames } from "./openmetrics-names.ts";
import { helpOf, type Page, writeParts } from "./page.ts";

/** Of a metric of unknown type, which may not have exemplars. */
const RULES_OF_UNKNOWN: SampleRules = {
  boundText: canonicalNumber,
  isCount: (value) => value >= 0,
  // The sum of values that may be negative is no counter, so there must be none.
  isSum: (sum, { bounds: [least = 0] }) => sum >= 0 && least >= 0,
  countsWithoutSum: false,
};
const RULES: SampleRules = { ...RULES_OF_UNKNOWN, exemplarText };

/**
 * A page in OpenMetrics 1.0. What the format does not allow is left out: counters that are negative or
 * no number, and the sum and count of histograms whose values may be negative.
 *
 * https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
 */
export class OpenMetricsPage implements Page {
  readonly #text: PacedText;
  readonly #names: ReadonlyMap<MetricFamily, OpenMetricsFamily>;
  readonly #target: OpenMetricsFamily;

  constructor(text: PacedText, families: readonly MetricFamily[]) {
    this.#text = text;
    const { names, target } = openMetricsNames(families);
    this.#names = names;
    this.#target = target;
  }

  target(labels: string): void {
    const { name, type } = this.#target;
    this.#text.add(`${heading(name, type, "Target metadata")}${TARGET_INFO}{${labels}} 1\n`);
  }

  async family(fitted: FittedFamily): Promise<number> {
    const { family, texts: labels } = fitted;
    const shown = this.#names.get(family);
    if (shown === undefined) return labels.filter((label) => label !== undefined).length;
    const text = this.#text;
    const rules = shown.type === "unknown" ? RULES_OF_UNKNOWN : RULES;
    text.add(heading(shown.name, shown.type, helpOf(family)));
    return writeParts(fitted, (part, offset) =>
      writePoints(part, { name: family.name, labels, offset, text, rules }),
    );
  }

  end(): void {
    this.#text.add("# EOF\n");
  }
}

function heading(name: string, type: string, help: string): string {
  const shown = metricNameText(name);
  return `# HELP ${shown} ${escapedHelp(help).replace(/"/g, '\\"')}\n# TYPE ${shown} ${type}\n`;
}
