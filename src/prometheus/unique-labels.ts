import { LabelTexts, labelText } from "./label-texts.ts";
import { type FamilyPart, isOwnScope, type MetricFamily } from "./metric-families.ts";
import { DEFAULT_NAMING, type Naming } from "./names/naming.ts";
import type { PacedText } from "./paced-text.ts";
import { PartLabels } from "./part-labels.ts";

/** The labels of all points of a family. */
export interface FamilyLabels {
  /** The labels of each point, part after part; `undefined` for a point whose labels are taken. */
  readonly texts: readonly (string | undefined)[];
  /** How many of them are `undefined`. */
  readonly duplicates: number;
}

/** The labels of a family at the last scrape. */
interface FamilyMemory {
  readonly parts: readonly PartLabels[];
  /** Whether no two points had the same labels. */
  readonly isUnique: boolean;
}

const SCOPE_LABELS = ["otel_scope_name", "otel_scope_version"];

/**
 * Gives each point of a family its own labels. If two instrumentation scopes use the same labels,
 * the points of foreign scopes get the labels `otel_scope_name` and `otel_scope_version` from then
 * on, so both are kept. Any other point whose labels are taken is dropped.
 *
 * Caches the labels of the last scrape. A family with the same attribute objects in the same order
 * costs one comparison for each point.
 */
export class UniqueLabels {
  readonly #naming: Naming;
  readonly #renderers = new Map<string, LabelTexts>();
  readonly #scoped = new Set<string>();
  #last = new Map<string, FamilyMemory>();
  #now = new Map<string, FamilyMemory>();
  /** The part before on the page: the bounds of a forecast have the same labels. */
  #sibling: PartLabels | undefined;

  /** One object is for pages whose labels are named in the same way. */
  constructor(naming: Naming = DEFAULT_NAMING) {
    this.#naming = naming;
  }

  async of(family: MetricFamily, pace: PacedText): Promise<FamilyLabels> {
    const id = `${family.type} ${family.name}`;
    const last = this.#last.get(id);
    const parts: PartLabels[] = [];
    let areKnown = true;
    for (const [i, part] of family.parts.entries()) {
      const before = last?.parts[i];
      const empty = new PartLabels(this.#rendererOf(family), this.#scopeText(family, part), part);
      const labels =
        before?.isSameAs(empty) === true ? before : await empty.filled(part, pace, before, this.#sibling);
      if (labels !== before && (labels !== empty || !labels.isKnown)) areKnown = false;
      parts.push(labels);
      this.#sibling = labels;
      if (pace.isRestDue()) await pace.rest();
    }
    const texts = parts.length === 1 ? (parts[0] as PartLabels).texts : parts.flatMap((part) => part.texts);
    if (texts.length < 2 || (last?.isUnique === true && areKnown)) {
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

  /** Call it after the last family. It forgets families that have gone. */
  endScrape(): void {
    this.#last = this.#now;
    this.#now = new Map();
    this.#sibling = undefined;
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
      ...(this.#scoped.has(family.name) ? SCOPE_LABELS : []),
    ];
    const key = reserved.join();
    const renderer = this.#renderers.get(key) ?? new LabelTexts(reserved, this.#naming.label);
    this.#renderers.set(key, renderer);
    return renderer;
  }
}

function isOtherScope(a: FamilyPart, b: FamilyPart): boolean {
  return a.scope.name !== b.scope.name || a.scope.version !== b.scope.version;
}
