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
  readonly #texts: string[] = [];
  /** The points, if their array is frozen. */
  readonly #settled: readonly unknown[] | undefined;
  readonly #attributes: Attributes[] = [];
  readonly #renderer: LabelTexts;
  readonly #scopeText: string;
  /** The points that were not there at the last scrape. */
  #added = 0;

  /** `scopeText`: labels of the scope, which follow the labels of each point. */
  constructor(renderer: LabelTexts, scopeText: string, { metric }: FamilyPart) {
    this.#renderer = renderer;
    this.#scopeText = scopeText;
    this.#settled = Object.isFrozen(metric.dataPoints) ? metric.dataPoints : undefined;
  }

  /** The text of each point. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /** Whether the labels are those of another part: the points are the same ones. */
  isSameAs(other: PartLabels): boolean {
    return this.#settled !== undefined && this.#settled === other.#settled && this.#rendersLike(other);
  }

  /**
   * With the labels of all points. If one of the others has these already, it is that one: texts are long, and
   * are held only once.
   *
   * @param last the same part at the last scrape.
   * @param sibling a part before it on the page, which may be of the same series.
   */
  async filled(
    { metric: { dataPoints } }: FamilyPart,
    pace: PacedText,
    last: PartLabels | undefined,
    sibling?: PartLabels,
  ): Promise<PartLabels> {
    if (this.#rendersLike(last) && last.#isOf(dataPoints)) {
      last.#added = 0;
      return last;
    }
    if (this.#rendersLike(sibling) && sibling.#isOf(dataPoints)) return sibling;
    const inLast = this.#rendersLike(last) ? last.#finder() : findsNothing;
    const inSibling = this.#rendersLike(sibling) ? sibling.#finder() : findsNothing;
    // Arrays that grow point by point keep spare room.
    this.#texts.length = dataPoints.length;
    this.#attributes.length = dataPoints.length;
    for (const [index, { attributes }] of dataPoints.entries()) {
      const known = inLast(attributes);
      if (known === undefined) this.#added += 1;
      this.#texts[index] = known ?? inSibling(attributes) ?? this.#render(attributes);
      this.#attributes[index] = attributes;
      if (pace.isRestDue()) await pace.rest();
    }
    return this;
  }

  /**
   * Whether all points were there at the last scrape in this order. Then they are as unique as
   * before.
   */
  get isKnown(): boolean {
    return this.#added === 0;
  }

  #rendersLike(other: PartLabels | undefined): other is PartLabels {
    return other !== undefined && this.#renderer === other.#renderer && this.#scopeText === other.#scopeText;
  }

  #isOf(points: FamilyPart["metric"]["dataPoints"]): boolean {
    const attributes = this.#attributes;
    if (points.length !== attributes.length) return false;
    for (let i = 0; i < points.length; i += 1) if (points[i]?.attributes !== attributes[i]) return false;
    return true;
  }

  /** What finds the texts of points that come in the order of these. */
  #finder(): (attributes: Attributes) => string | undefined {
    let next = 0;
    return (attributes) => {
      const end = Math.min(next + MAX_GAP, this.#attributes.length);
      for (let i = next; i < end; i += 1) {
        if (this.#attributes[i] !== attributes) continue;
        next = i + 1;
        return this.#texts[i];
      }
      return undefined;
    };
  }

  #render(attributes: Attributes): string {
    const text = this.#renderer.of(attributes);
    return text === "" || this.#scopeText === "" ? text + this.#scopeText : `${text},${this.#scopeText}`;
  }
}

function findsNothing(): undefined {
  return undefined;
}
