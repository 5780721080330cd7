import type { Attributes } from "@opentelemetry/api";
import { LabelTexts, labelText } from "./label-texts.ts";
import { type FamilyPart, isOwnScope, type MetricFamily } from "./metric-families.ts";
import type { PacedText } from "./paced-text.ts";

export interface FamilyLabels {
  /** The labels of each point, part after part; `undefined` for a point whose labels another has already. */
  readonly texts: readonly (string | undefined)[];
  /** How many are `undefined`. */
  readonly duplicates: number;
}

/**
 * Gives the points of a family labels that no two of them share. Where two instrumentation scopes give one family the
 * same labels, the points of foreign scopes bear `otel_scope_name` and `otel_scope_version` from then on: that keeps
 * both. Any other point that comes second is left out.
 *
 * A family that has the same series as at the last scrape costs one comparison a point.
 */
export class UniqueLabels {
  readonly #texts = new Map<string, LabelTexts>();
  readonly #scoped = new Set<string>();
  #proven = new Map<string, readonly string[]>();
  #provenNow = new Map<string, readonly string[]>();

  async of(family: MetricFamily, pace: PacedText): Promise<FamilyLabels> {
    const texts = await this.#textsOf(family, pace);
    if (this.#isProven(family.name, texts)) return { texts, duplicates: 0 };
    const seen = new Map<string, FamilyPart>();
    const unique: (string | undefined)[] = [];
    let i = 0;
    for (const part of family.parts)
      for (let point = 0; point < part.metric.dataPoints.length && i < texts.length; point += 1) {
        const text = texts[i++] as string;
        const first = seen.get(text);
        if (first !== undefined && isOtherScope(first, part) && !this.#scoped.has(family.name)) {
          this.#scoped.add(family.name);
          return this.of(family, pace);
        }
        unique.push(first === undefined ? text : undefined);
        if (first === undefined) seen.set(text, part);
        if (pace.isRestDue()) await pace.rest();
      }
    const duplicates = texts.length - seen.size;
    if (duplicates === 0) this.#provenNow.set(family.name, texts);
    return { texts: unique, duplicates };
  }

  /** To be called after the last family: forgets the families that are gone. */
  endScrape(): void {
    this.#proven = this.#provenNow;
    this.#provenNow = new Map();
  }

  /** Texts that begin as texts that were found to be unique did are unique too. */
  #isProven(name: string, texts: readonly string[]): boolean {
    const proven = this.#proven.get(name);
    if (texts.length > 1) {
      if (proven === undefined || proven.length < texts.length) return false;
      for (let i = 0; i < texts.length; i += 1) if (proven[i] !== texts[i]) return false;
    }
    this.#provenNow.set(name, texts);
    return true;
  }

  async #textsOf(family: MetricFamily, pace: PacedText): Promise<string[]> {
    const scoped = this.#scoped.has(family.name);
    const labels = this.#labelTexts([
      ...(family.type === "histogram" ? ["le"] : []),
      ...(scoped ? ["otel_scope_name", "otel_scope_version"] : []),
    ]);
    const texts: string[] = [];
    for (const { metric, scope } of family.parts) {
      const ofScope =
        scoped && !isOwnScope(scope)
          ? labelText({ otel_scope_name: scope.name, otel_scope_version: scope.version } as Attributes)
          : "";
      for (const { attributes } of metric.dataPoints) {
        const text = labels.of(attributes);
        texts.push(text === "" || ofScope === "" ? text + ofScope : `${text},${ofScope}`);
        if (pace.isRestDue()) await pace.rest();
      }
    }
    return texts;
  }

  #labelTexts(reserved: readonly string[]): LabelTexts {
    const key = reserved.join();
    let labels = this.#texts.get(key);
    if (labels === undefined) {
      labels = new LabelTexts(reserved);
      this.#texts.set(key, labels);
    }
    return labels;
  }
}

function isOtherScope(a: FamilyPart, b: FamilyPart): boolean {
  return a.scope.name !== b.scope.name || a.scope.version !== b.scope.version;
}
