import type { Attributes } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { escapedHelp, labelText } from "./label-texts.ts";
import {
  type DroppedPoints,
  groupIntoFamilies,
  type MetricFamily,
  type PointDropReason,
  TARGET_INFO,
} from "./metric-families.ts";
import { PacedText } from "./paced-text.ts";
import { type FittedFamily, fitToPage, type LabelledFamily, MAX_PAGE_BYTES } from "./page-budget.ts";
import { UniqueLabels } from "./unique-labels.ts";
import { writePoints } from "./write-points.ts";

/** Content type of the text that `MetricsSerializer` writes. */
export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Writes metrics in Prometheus's text format 0.0.4. Prometheus accepts the text whatever names,
 * units and attributes are given: each name is there once, with one type and in one block, and no
 * two samples have the same name and labels. Points that do not fit are dropped and reported to
 * `onDropped` at every call.
 *
 * Use one instance for each endpoint: it caches the labels of attribute objects. It writes one text at
 * a time, and yields to the event loop every few milliseconds. Do not change the given arrays until
 * the promise has settled.
 *
 * Format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export class MetricsSerializer {
  readonly #labels = new UniqueLabels();
  readonly #onDropped: (dropped: DroppedPoints) => void;

  readonly #maxBytes: number;
  /** One for all texts: for a class without an object, the engine may drop its compiled code. */
  readonly #text = new PacedText();

  /** @param maxBytes the maximum size of the text, `target_info` excepted. */
  constructor(onDropped: (dropped: DroppedPoints) => void = () => {}, maxBytes = MAX_PAGE_BYTES) {
    this.#onDropped = onDropped;
    this.#maxBytes = maxBytes;
  }

  /** The text as pieces of UTF-8. `resource` becomes `target_info`; a text can have only one. */
  async serialize(resourceMetrics: readonly ResourceMetrics[], resource?: Resource): Promise<Buffer[]> {
    const text = this.#text;
    text.begin();
    const target = resource === undefined ? "" : labelText(settledAttributes(resource));
    if (target !== "")
      text.add(`${heading(TARGET_INFO, "gauge", "Target metadata")}${TARGET_INFO}{${target}} 1\n`);
    const labelled: LabelledFamily[] = [];
    for (const family of groupIntoFamilies(resourceMetrics, this.#onDropped)) {
      const { texts, duplicates } = await this.#labels.of(family, text);
      this.#dropped(family, "duplicate-series", duplicates);
      labelled.push({ family, texts });
    }
    this.#labels.endScrape();
    for (const fitted of fitToPage(labelled, this.#maxBytes)) await this.#writeFamily(fitted, text);
    return text.finish();
  }

  async #writeFamily({ family, texts: labels, cut }: FittedFamily, text: PacedText): Promise<void> {
    const { name, parts } = family;
    this.#dropped(family, "page-full", cut);
    if (cut > 0 && labels.every((label) => label === undefined)) return;
    text.add(heading(name, family.type, helpOf(family)));
    let offset = 0;
    let invalid = 0;
    for (const part of parts) {
      invalid += await writePoints(part, { name, labels, offset, text });
      offset += part.metric.dataPoints.length;
    }
    this.#dropped(family, "invalid-value", invalid);
  }

  #dropped({ name }: MetricFamily, reason: PointDropReason, points: number): void {
    if (points > 0) this.#onDropped({ metric: name, reason, points });
  }
}

function heading(name: string, type: string, help: string): string {
  return `# HELP ${name} ${escapedHelp(help)}\n# TYPE ${name} ${type}\n`;
}

/** The first description of a metric of the family. */
function helpOf({ parts }: MetricFamily): string {
  const described = parts.find(({ metric }) => metric.descriptor.description);
  return described?.metric.descriptor.description ?? "No description.";
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
