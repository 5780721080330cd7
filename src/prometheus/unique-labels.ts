import { LabelTexts, labelText } from "./label-texts.ts";
import { type FamilyPart, isOwnScope, type MetricFamily } from "./metric-families.ts";
import type { PacedText } from "./paced-text.ts";
import { PartLabels } from "./part-labels.ts";

export interface FamilyLabels {
  /** The labels of each point, part after part; `undefined` for a point whose labels another has already. */
  readonly texts: readonly (string | undefined)[];
  /** How many are `undefined`. */
  readonly duplicates: number;
}

/** What a family had at the last scrape. */
interface FamilyMemory {
  readonly parts: readonly PartLabels[];
  /** Whether no two of its points had the same labels. */
  readonly isUnique: boolean;
}

const scopeLabels = ["otel_scope_name", "otel_scope_version"];

/**
 * Gives the points of a family labels that no two of them share. Where two instrumentation scopes give one family the
 * same labels, the points of foreign scopes bear `otel_scope_name` and `otel_scope_version` from then on: that keeps
 * both. Any other point that comes second is left out.
 *
 * Labels of the last scrape are kept: a family that has the same attribute objects again, in the same order, costs a
 * comparison a point.
 */
export class UniqueLabels {
  readonly #renderers = new Map<string, LabelTexts>();
  readonly #scoped = new Set<string>();
  #last = new Map<string, FamilyMemory>();
  #now = new Map<string, FamilyMemory>();

  async of(family: MetricFamily, pace: PacedText): Promise<FamilyLabels> {
    const id = `${family.type} ${family.name}`;
    const last = this.#last.get(id);
    const parts: PartLabels[] = [];
    for (const [i, part] of family.parts.entries())
      parts.push(
        await PartLabels.of(
          part,
          this.#rendererOf(family),
          this.#scopeText(family, part),
          pace,
          last?.parts[i],
        ),
      );
    const texts = parts.length === 1 ? (parts[0] as PartLabels).texts : parts.flatMap((part) => part.texts);
    if (texts.length < 2 || (last?.isUnique && parts.every((part) => part.isKnown))) {
      this.#now.set(id, { parts, isUnique: true });
      return { texts, duplicates: 0 };
    }
    const unique = await this.#withoutDuplicates(family, parts, pace);
    if (unique === "same labels in two scopes") {
      this.#scoped.add(family.name);
      this.#last.delete(id);
      return this.of(family, pace);
    }
    this.#now.set(id, { parts, isUnique: unique.duplicates === 0 });
    return unique;
  }

  /** To be called after the last family: forgets the families that are gone. */
  endScrape(): void {
    this.#last = this.#now;
    this.#now = new Map();
  }

  async #withoutDuplicates(
    family: MetricFamily,
    parts: readonly PartLabels[],
    pace: PacedText,
  ): Promise<FamilyLabels | "same labels in two scopes"> {
    const owners = new Map<string, FamilyPart>();
    const texts: (string | undefined)[] = [];
    for (const [i, part] of family.parts.entries())
      for (const text of (parts[i] as PartLabels).texts) {
        const owner = owners.get(text);
        if (owner === undefined) owners.set(text, part);
        else if (isOtherScope(owner, part) && !this.#scoped.has(family.name))
          return "same labels in two scopes";
        texts.push(owner === undefined ? text : undefined);
        if (pace.isRestDue()) await pace.rest();
      }
    return { texts, duplicates: texts.length - owners.size };
  }

  #scopeText({ name }: MetricFamily, { scope }: FamilyPart): string {
    if (!this.#scoped.has(name) || isOwnScope(scope)) return "";
    return labelText({ otel_scope_name: scope.name, otel_scope_version: scope.version ?? "" });
  }

  #rendererOf(family: MetricFamily): LabelTexts {
    const reserved = [
      ...(family.type === "histogram" ? ["le"] : []),
      ...(this.#scoped.has(family.name) ? scopeLabels : []),
    ];
    const key = reserved.join();
    const renderer = this.#renderers.get(key) ?? new LabelTexts(reserved);
    this.#renderers.set(key, renderer);
    return renderer;
  }
}

function isOtherScope(a: FamilyPart, b: FamilyPart): boolean {
  return a.scope.name !== b.scope.name || a.scope.version !== b.scope.version;
}
