import type { Attributes } from "@opentelemetry/api";
import type { LabelTexts } from "./label-texts.ts";
import type { FamilyPart } from "./metric-families.ts";
import type { PacedText } from "./paced-text.ts";

/** So many points may have gone since the last scrape, side by side, without the rest being rendered anew. */
const maxGap = 16;

/**
 * The label texts of one part of a family, with the attribute objects that they are of. The texts of the last scrape
 * are taken over where the same objects come again in the same order: both the SDK and our producers hand out the
 * same objects at each scrape, in the order in which they came to be.
 */
export class PartLabels {
  readonly texts: string[] = [];
  readonly #attributes: Attributes[] = [];
  readonly #scopeText: string;
  #rendered = 0;

  private constructor(scopeText: string) {
    this.#scopeText = scopeText;
  }

  /** `scopeText`: labels of the scope, to stand behind each point's own. `last`: the part in the last scrape. */
  static async of(
    { metric }: FamilyPart,
    renderer: LabelTexts,
    scopeText: string,
    pace: PacedText,
    last?: PartLabels,
  ): Promise<PartLabels> {
    const labels = new PartLabels(scopeText);
    const known = last !== undefined && last.#scopeText === scopeText ? last : new PartLabels(scopeText);
    let next = 0;
    for (const { attributes } of metric.dataPoints) {
      const found = known.#find(attributes, next);
      if (found !== undefined) next = found + 1;
      const text =
        found === undefined ? labels.#render(attributes, renderer) : (known.texts[found] as string);
      labels.texts.push(text);
      labels.#attributes.push(attributes);
      if (pace.isRestDue()) await pace.rest();
    }
    return labels;
  }

  /** Whether all of it was there at the last scrape, in this order: then it is as unique as it was. */
  get isKnown(): boolean {
    return this.#rendered === 0;
  }

  #find(attributes: Attributes, from: number): number | undefined {
    const end = Math.min(from + maxGap, this.#attributes.length);
    for (let i = from; i < end; i += 1) if (this.#attributes[i] === attributes) return i;
    return undefined;
  }

  #render(attributes: Attributes, renderer: LabelTexts): string {
    this.#rendered += 1;
    const text = renderer.of(attributes);
    return text === "" || this.#scopeText === "" ? text + this.#scopeText : `${text},${this.#scopeText}`;
  }
}
