import type { Attributes } from "@opentelemetry/api";
import type { DataPoint } from "@opentelemetry/sdk-metrics";
import { LABEL_SET, type LateLabelled, OWNER } from "../core/label-owner.ts";
import type { LabelTexts } from "./label-texts.ts";
import type { FamilyPart } from "./metric-families.ts";
import type { PacedText } from "./paced-text.ts";

/**
 * The maximum of adjacent points that may have gone since the last scrape. Beyond it, the rest is
 * rendered again.
 */
const MAX_GAP = 16;

/** The points of a part have different ones of the labels of their owners: none is recognized. */
const MIXED = -1;

type Point = Pick<DataPoint<unknown>, "attributes"> & Partial<LateLabelled>;

/**
 * The label texts of one part of a family, with their attribute objects. If the same objects come
 * again in the same order, the texts of the last scrape are reused. The SDK gives the same objects at
 * each scrape, in the order of their creation. Our producers give points whose labels have an owner: it is
 * remembered instead, so labels are made only to be rendered.
 */
export class PartLabels {
  readonly #texts: string[] = [];
  /** The points, if their array is frozen. */
  readonly #settled: readonly unknown[] | undefined;
  /** The attribute object of each point, or what makes it. */
  readonly #owners: object[] = [];
  /** Which attributes of their owners the points have. */
  #set: number | undefined;
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
    if (this.#rendersLike(last) && (await last.#isOf(dataPoints, pace))) {
      last.#added = 0;
      return last;
    }
    if (this.#rendersLike(sibling) && (await sibling.#isOf(dataPoints, pace))) return sibling;
    const inLast = this.#rendersLike(last) ? last.#finder() : findsNothing;
    const inSibling = this.#rendersLike(sibling) ? sibling.#finder() : findsNothing;
    // Arrays that grow point by point keep spare room.
    this.#texts.length = dataPoints.length;
    this.#owners.length = dataPoints.length;
    for (let index = 0; index < dataPoints.length; index += 1) {
      const point = dataPoints.at(index) as Point;
      const known = inLast(point);
      if (known === undefined) this.#added += 1;
      this.#texts[index] = known ?? inSibling(point) ?? this.#render(point.attributes);
      this.#owners[index] = ownerOf(point);
      this.#set = index === 0 || this.#set === setOf(point) ? setOf(point) : MIXED;
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

  async #isOf(points: FamilyPart["metric"]["dataPoints"], pace: PacedText): Promise<boolean> {
    if (points.length !== this.#owners.length) return false;
    for (let i = 0; i < points.length; i += 1) {
      if (!this.#has(points.at(i) as Point, i)) return false;
      if (pace.isRestDue()) await pace.rest();
    }
    return true;
  }

  /** Whether the point at an index had the labels of this one. */
  #has(point: Point, index: number): boolean {
    return this.#owners[index] === ownerOf(point) && this.#set === setOf(point);
  }

  /** What finds the texts of points that come in the order of these. */
  #finder(): (point: Point) => string | undefined {
    let next = 0;
    return (point) => {
      const end = Math.min(next + MAX_GAP, this.#owners.length);
      for (let i = next; i < end; i += 1) {
        if (!this.#has(point, i)) continue;
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

function ownerOf(point: Point): object {
  return point[OWNER] ?? point.attributes;
}

/** `undefined` of a point that has the object itself. */
function setOf(point: Point): number | undefined {
  return point[LABEL_SET];
}

function findsNothing(): undefined {
  return undefined;
}
