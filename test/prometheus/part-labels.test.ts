import type { Attributes } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { LABEL_SET, OWNER } from "../../src/core/label-owner.ts";
import { LabelTexts } from "../../src/prometheus/label-texts.ts";
import type { FamilyPart } from "../../src/prometheus/metric-families.ts";
import { PacedText } from "../../src/prometheus/paced-text.ts";
import { PartLabels } from "../../src/prometheus/part-labels.ts";
import { gauge, metricData } from "./metric-data.ts";

/** Counts what it renders. */
class CountingTexts extends LabelTexts {
  count = 0;

  override of(attributes: Attributes): string {
    this.count += 1;
    return super.of(attributes);
  }
}

/** Rests after ten steps. */
class TiredPace extends PacedText {
  rests = 0;
  #steps = 0;

  override isRestDue(): boolean {
    this.#steps += 1;
    return this.#steps % 10 === 0;
  }

  override async rest(): Promise<void> {
    this.rests += 1;
  }
}

const sets = Array.from({ length: 60 }, (_, index): Attributes => ({ index }));

/** A part with a point for each set. The points are in a frozen array, as those of our own producers. */
function partOf(attributes: readonly Attributes[], isFrozen = false): FamilyPart {
  const metric = metricData(gauge("level", ...attributes.map((set): [Attributes, number] => [set, 1])));
  const dataPoints = [...metric.dataPoints];
  if (isFrozen) Object.freeze(dataPoints);
  return { scope: { name: "app" }, metric: { ...metric, dataPoints } } as unknown as FamilyPart;
}

async function scraped(
  renderer: LabelTexts,
  part: FamilyPart,
  last?: PartLabels,
  scopeText = "",
  sibling?: PartLabels,
) {
  return new PartLabels(renderer, scopeText, part).filled(part, new PacedText(), last, sibling);
}

describe("the labels of a part", () => {
  it("are rendered once, as long as the same sets come in the same order", async () => {
    const renderer = new CountingTexts();
    const first = await scraped(renderer, partOf(sets));
    expect(first.isKnown).toBe(false);
    const second = await scraped(renderer, partOf(sets), first);
    expect(renderer.count).toBe(60);
    expect(second.isKnown).toBe(true);
    expect(second.texts).toEqual(sets.map(({ index }) => `index="${index}"`));
  });

  it("are compared with those of the last scrape a little at a time", async () => {
    const renderer = new LabelTexts();
    const first = await scraped(renderer, partOf(sets));
    const pace = new TiredPace();
    const part = partOf(sets);
    expect(await new PartLabels(renderer, "", part).filled(part, pace, first)).toBe(first);
    expect(pace.rests).toBe(6);
  });

  it.each([
    [1, 59],
    [15, 45],
  ])("are known where %i neighbours have gone", async (gone, left) => {
    const renderer = new CountingTexts();
    const first = await scraped(renderer, partOf(sets));
    const rest = [...sets.slice(0, 10), ...sets.slice(10 + gone)];
    const second = await scraped(renderer, partOf(rest), first);
    expect(second.isKnown).toBe(true);
    expect(second.texts).toHaveLength(left);
    expect(second.texts[10]).toBe(`index="${10 + gone}"`);
    expect(renderer.count).toBe(60);
  });

  it("are rendered again after more neighbours that have gone", async () => {
    const renderer = new CountingTexts();
    const first = await scraped(renderer, partOf(sets));
    const rest = [...sets.slice(0, 10), ...sets.slice(26)];
    const second = await scraped(renderer, partOf(rest), first);
    expect(second.isKnown).toBe(false);
    expect(second.texts.slice(9, 11)).toEqual(['index="9"', 'index="26"']);
    expect(renderer.count).toBe(60 + 34);
  });

  it("are rendered for new sets alone", async () => {
    const renderer = new CountingTexts();
    const first = await scraped(renderer, partOf(sets.slice(1)));
    const second = await scraped(renderer, partOf([...sets.slice(1), sets[0] as Attributes]), first);
    expect(second.isKnown).toBe(false);
    expect(second.texts.at(-1)).toBe('index="0"');
    expect(renderer.count).toBe(60);
  });

  it("end with those of the scope, and are rendered again when these change", async () => {
    const renderer = new CountingTexts();
    const first = await scraped(renderer, partOf([sets[0] as Attributes, {}]), undefined, 'scope="a"');
    expect(first.texts).toEqual(['index="0",scope="a"', 'scope="a"']);
    const second = await scraped(renderer, partOf([sets[0] as Attributes]), first, 'scope="b"');
    expect(second.texts).toEqual(['index="0",scope="b"']);
  });

  it("are those of a part before it on the page that has the same sets", async () => {
    const renderer = new CountingTexts();
    const lower = await scraped(renderer, partOf(sets));
    expect(await scraped(renderer, partOf(sets), undefined, "", lower)).toBe(lower);
    const later = await scraped(renderer, partOf(sets.slice(1)), undefined, "", lower);
    expect(later.texts).toEqual(lower.texts.slice(1));
    expect(later.isKnown).toBe(false);
    expect(renderer.count).toBe(60);
    const scoped = await scraped(renderer, partOf(sets), undefined, 'scope="a"', lower);
    expect(scoped.texts[0]).toBe('index="0",scope="a"');
  });

  it("are held once, also from scrape to scrape", async () => {
    const renderer = new CountingTexts();
    const first = await scraped(renderer, partOf(sets));
    expect(await scraped(renderer, partOf(sets), first)).toBe(first);
  });

  it("are known by their owner where it makes them, and by which of them these are", async () => {
    const owner = { labelsOf: (column: number) => ({ column: `${column}` }), labelSetOf: () => 0 };
    const lateOf = (...labelSets: number[]): FamilyPart => {
      const dataPoints = labelSets.map((set) => ({
        [OWNER]: owner,
        [LABEL_SET]: set,
        get attributes() {
          return owner.labelsOf(set);
        },
      }));
      return { scope: { name: "app" }, metric: { dataPoints } } as unknown as FamilyPart;
    };
    const renderer = new CountingTexts();
    const first = await scraped(renderer, lateOf(1, 1));
    expect(first.texts).toEqual(['column="1"', 'column="1"']);
    expect(await scraped(renderer, lateOf(1, 1), first)).toBe(first);
    expect((await scraped(renderer, lateOf(1), first)).texts).toEqual(['column="1"']);
    expect(renderer.count).toBe(2);
    const other = await scraped(renderer, lateOf(2, 2), first, "", first);
    expect([other.isKnown, other.texts]).toEqual([false, ['column="2"', 'column="2"']]);
    const mixed = await scraped(renderer, lateOf(1, 2));
    expect(mixed.texts).toEqual(['column="1"', 'column="2"']);
    expect((await scraped(renderer, lateOf(2, 1), mixed)).texts).toEqual(['column="2"', 'column="1"']);
  });

  it("are the same as those of another part only if it has the same points, which nobody changes", () => {
    const renderer = new LabelTexts();
    const settled = partOf(sets, true);
    const labelsOf = (part: FamilyPart, scopeText = "", texts = renderer) =>
      new PartLabels(texts, scopeText, part);
    expect(labelsOf(settled).isSameAs(labelsOf(settled))).toBe(true);
    expect(labelsOf(settled).isSameAs(labelsOf(partOf(sets, true)))).toBe(false);
    expect(labelsOf(settled).isSameAs(labelsOf(settled, 'scope="a"'))).toBe(false);
    expect(labelsOf(settled).isSameAs(labelsOf(settled, "", new LabelTexts()))).toBe(false);
    const changing = partOf(sets);
    expect(labelsOf(changing).isSameAs(labelsOf(changing))).toBe(false);
  });
});
