import type { Attributes } from "@opentelemetry/api";
import { expect, it, onTestFinished, vi } from "vitest";
import { LabelTexts } from "../../src/prometheus/label-texts.ts";
import type { MetricFamily } from "../../src/prometheus/metric-families.ts";
import { PacedText } from "../../src/prometheus/paced-text.ts";
import { UniqueLabels } from "../../src/prometheus/unique-labels.ts";
import { gauge, metricData } from "./metric-data.ts";

const SETS: readonly Attributes[] = [{ id: 1 }, { id: 2 }, { id: 3 }];

function family(): MetricFamily {
  const metric = metricData(gauge("level", ...SETS.map((set): [Attributes, number] => [set, 1])));
  return { name: "level", type: "gauge", parts: [{ scope: { name: "app" }, metric }] };
}

it("labels are rendered once, until a scrape does not have their family", async () => {
  const rendered = vi.spyOn(LabelTexts.prototype, "of");
  onTestFinished(() => rendered.mockRestore());
  const labels = new UniqueLabels();
  const scrape = async (families: readonly MetricFamily[]): Promise<number> => {
    rendered.mockClear();
    for (const one of families) await labels.of(one, new PacedText());
    labels.endScrape();
    return rendered.mock.calls.length;
  };
  expect([await scrape([family()]), await scrape([family()])]).toEqual([3, 0]);
  expect([await scrape([]), await scrape([family()])]).toEqual([0, 3]);
});

it("labels that are known from the last scrape are the same list again", async () => {
  const labels = new UniqueLabels();
  const scrape = async () => {
    const { texts } = await labels.of(family(), new PacedText());
    labels.endScrape();
    return texts;
  };
  const [, second, third] = [await scrape(), await scrape(), await scrape()];
  expect(third).toBe(second);
});
