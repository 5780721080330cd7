import type { Attributes } from "@opentelemetry/api";
import type { LabelTexts } from "./label-texts.ts";
import type { FamilyPart } from "./metric-families.ts";
import type { PacedText } from "./paced-text.ts";

/**
 * The maximum of adjacent points that may have gone since the last scrape. Beyond it, the rest is
 * rendered again.
 */
const MAX_GAP = 16;

/**
 * The label texts of one part of a family, with their attribute objects. If the same objects come
 * again in the same order, the texts of the last scrape are reused. Both the SDK and our producers
 * give the same objects at each scrape, in the order of their creation.
 */
export class PartLabels {
  readonly texts: string[] = [];
  /** The points, if their array is frozen. */
  readonly #settled: readonly unknown[] | undefined;
  readonly #attributes: Attributes[] = [];
  readonly #renderer: LabelTexts;
  readonly #scopeText: string;
  #rendered = 0;

  /** `scopeText`: labels of the scope, which follow the labels of each point. */
  constructor(renderer: LabelTexts, scopeText: string, { metric }: FamilyPart) {
    this.#renderer = renderer;
    this.#scopeText = scopeText;
    this.#settled = Object.isFrozen(metric.dataPoints) ? metric.dataPoints : undefined;
  }

  /** Whether the labels are those of another part: the points are the same ones. */
  isSameAs(other: PartLabels): boolean {
    return (
      this.#settled !== undefined &&
      this.#settled === other.#settled &&
      this.#renderer === other.#renderer &&
      this.#scopeText === other.#scopeText
    );
  }

  /** With the labels of all points. `last`: the same part at the last scrape. */
  async filled({ metric }: FamilyPart, pace: PacedText, last: PartLabels | undefined): Promise<this> {
    const known = last !== undefined && last.#scopeText === this.#scopeText ? last : undefined;
    let next = 0;
    for (const { attributes } of metric.dataPoints) {
      const found = known === undefined ? undefined : known.#find(attributes, next);
      if (found !== undefined) next = found + 1;
      const text = found === undefined ? this.#render(attributes) : (known?.texts[found] as string);
      this.texts.push(text);
      this.#attributes.push(attributes);
      if (pace.isRestDue()) await pace.rest();
    }
    return this;
  }

  /**
   * Whether all points were there at the last scrape in this order. Then they are as unique as
   * before.
   */
  get isKnown(): boolean {
    return this.#rendered === 0;
  }

  #find(attributes: Attributes, from: number): number | undefined {
    const end = Math.min(from + MAX_GAP, this.#attributes.length);
    for (let i = from; i < end; i += 1) if (this.#attributes[i] === attributes) return i;
    return undefined;
  }

  #render(attributes: Attributes): string {
    this.#rendered += 1;
    const text = this.#renderer.of(attributes);
    return text === "" || this.#scopeText === "" ? text + this.#scopeText : `${text},${this.#scopeText}`;
  }
}
