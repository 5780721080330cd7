import type { Attributes } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { OpenMetricsPage } from "./formats/openmetrics-page.ts";
import type { Page } from "./formats/page.ts";
import type { PageFormat } from "./formats/page-format.ts";
import { ProtobufPage } from "./formats/protobuf-page.ts";
import { TextPage } from "./formats/text-page.ts";
import { labelText } from "./label-texts.ts";
import {
  type DroppedPoints,
  groupIntoFamilies,
  type MetricFamily,
  type PointDropReason,
} from "./metric-families.ts";
import { labelNameText } from "./names/name-text.ts";
import { DEFAULT_NAMING, type Naming } from "./names/naming.ts";
import { PacedText } from "./paced-text.ts";
import { type FittedFamily, fitToPage, type LabelledFamily, MAX_PAGE_BYTES } from "./page-budget.ts";
import { UniqueLabels } from "./unique-labels.ts";

/**
 * Writes metrics in the formats of Prometheus. Prometheus accepts the page whatever names, units and
 * attributes are given: each name is there once, with one type and in one block, and no two samples
 * have the same name and labels. Points that do not fit are dropped and reported to `onDropped` at
 * every call.
 *
 * Use one instance for each endpoint: it caches the labels of attribute objects. It writes one text at
 * a time, and yields to the event loop every few milliseconds. Do not change the given arrays until
 * the promise has settled.
 */
export class MetricsSerializer {
  /** The labels of each naming, of which there are few. */
  readonly #labels = new Map<Naming, UniqueLabels>();
  readonly #onDropped: (dropped: DroppedPoints) => void;

  readonly #maxBytes: number;
  readonly #classicBuckets: boolean;
  /** One for all texts: for a class without an object, the engine may drop its compiled code. */
  readonly #text = new PacedText();

  /**
   * @param maxBytes the maximum size of the text, `target_info` excepted.
   * @param classicBuckets whether native histograms have their classic buckets too.
   */
  constructor(
    onDropped: (dropped: DroppedPoints) => void = () => {},
    maxBytes = MAX_PAGE_BYTES,
    classicBuckets = true,
  ) {
    this.#onDropped = onDropped;
    this.#maxBytes = maxBytes;
    this.#classicBuckets = classicBuckets;
  }

  /** The page in pieces. `resource` becomes `target_info`; a page can have only one. */
  async serialize(
    resourceMetrics: readonly ResourceMetrics[],
    resource?: Resource,
    format: PageFormat = "text",
    naming: Naming = DEFAULT_NAMING,
  ): Promise<Buffer[]> {
    const text = this.#text;
    text.begin();
    const families = groupIntoFamilies(resourceMetrics, this.#onDropped, naming);
    const page = this.#pageOf(format, families);
    const target = resource === undefined ? "" : targetText(resource, naming);
    if (target !== "") page.target(target);
    const labels = this.#labelsFor(naming);
    const labelled: LabelledFamily[] = [];
    for (const family of families) {
      const { texts, duplicates } = await labels.of(family, text);
      this.#dropped(family, "duplicate-series", duplicates);
      labelled.push({ family, texts });
    }
    labels.endScrape();
    const fitting = await text.paced(fitToPage(labelled, this.#maxBytes));
    for (const fitted of fitting) await this.#writeFamily(fitted, page);
    page.end();
    return text.finish();
  }

  #labelsFor(naming: Naming): UniqueLabels {
    const labels = this.#labels.get(naming) ?? new UniqueLabels(naming);
    this.#labels.set(naming, labels);
    return labels;
  }

  #pageOf(format: PageFormat, families: readonly MetricFamily[]): Page {
    switch (format) {
      case "text":
        return new TextPage(this.#text);
      case "openmetrics":
        return new OpenMetricsPage(this.#text, families);
      case "protobuf":
        return new ProtobufPage(this.#text, this.#classicBuckets);
    }
  }

  async #writeFamily(fitted: FittedFamily, page: Page): Promise<void> {
    const { family, texts, cut } = fitted;
    this.#dropped(family, "page-full", cut);
    if (cut > 0 && texts.every((label) => label === undefined)) return;
    this.#dropped(family, "invalid-value", await page.family(fitted));
  }

  #dropped({ name }: MetricFamily, reason: PointDropReason, points: number): void {
    if (points > 0) this.#onDropped({ metric: name, reason, points });
  }
}

/** The labels of `target_info`. */
function targetText(resource: Resource, naming: Naming): string {
  return labelText(settledAttributes(resource), (key) => labelNameText(naming.label(key)));
}

/**
 * The attributes that are known already. A scrape does not wait for detectors that are still
 * running.
 */
function settledAttributes(resource: Resource): Attributes {
  if (!resource.asyncAttributesPending) return resource.attributes;
  const attributes = new Map<string, unknown>();
  for (const [key, value] of resource.getRawAttributes())
    if (!attributes.has(key) && !(value instanceof Promise)) attributes.set(key, value);
  return Object.fromEntries(attributes) as Attributes;
}
