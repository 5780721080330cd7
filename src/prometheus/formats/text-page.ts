import { escapedHelp } from "../escaped-text.ts";
import { TARGET_INFO } from "../metric-families.ts";
import { metricNameText } from "../names/name-text.ts";
import type { PacedText } from "../paced-text.ts";
import type { FittedFamily } from "../page-budget.ts";
import { type SampleRules, writePoints } from "../write-points.ts";
import { helpOf, type Page, writeParts } from "./page.ts";

const RULES: SampleRules = { boundText: String, countsWithoutSum: true };

/**
 * A page in Prometheus's text format 0.0.4. With names that this does not allow, it is one in 1.0.0.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export class TextPage implements Page {
  readonly #text: PacedText;

  constructor(text: PacedText) {
    this.#text = text;
  }

  target(labels: string): void {
    this.#text.add(`${heading(TARGET_INFO, "gauge", "Target metadata")}${TARGET_INFO}{${labels}} 1\n`);
  }

  async family(fitted: FittedFamily): Promise<number> {
    const { name, type } = fitted.family;
    const text = this.#text;
    text.add(heading(name, type, helpOf(fitted.family)));
    return writeParts(fitted, (part, offset) =>
      writePoints(part, { name, labels: fitted.texts, offset, text, rules: RULES }),
    );
  }

  end(): void {}
}

function heading(name: string, type: string, help: string): string {
  const shown = metricNameText(name);
  return `# HELP ${shown} ${escapedHelp(help)}\n# TYPE ${shown} ${type}\n`;
}
