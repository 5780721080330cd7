import type { Attributes } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { escapedHelp, labelText } from "./label-texts.ts";
import { type DroppedPoints, groupIntoFamilies, type MetricFamily, TARGET_INFO } from "./metric-families.ts";
import { PacedText } from "./paced-text.ts";
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
 * Use one instance for each endpoint: it caches the labels of attribute objects. It yields to the
 * event loop every few milliseconds. Do not change the given arrays until the promise has settled.
 *
 * Format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export class MetricsSerializer {
  readonly #labels = new UniqueLabels();
  readonly #onDropped: (dropped: DroppedPoints) => void;

  constructor(onDropped: (dropped: DroppedPoints) => void = () => {}) {
    this.#onDropped = onDropped;
  }

  /** The text as pieces of UTF-8. `resource` becomes `target_info`; a text can have only one. */
  async serialize(resourceMetrics: readonly ResourceMetrics[], resource?: Resource): Promise<Buffer[]> {
    const text = new PacedText();
    const target = resource === undefined ? "" : labelText(settledAttributes(resource));
    if (target !== "")
      text.add(`${heading(TARGET_INFO, "gauge", "Target metadata")}${TARGET_INFO}{${target}} 1\n`);
    for (const family of groupIntoFamilies(resourceMetrics, this.#onDropped))
      await this.#writeFamily(family, text);
    this.#labels.endScrape();
    return text.finish();
  }

  async #writeFamily(family: MetricFamily, text: PacedText): Promise<void> {
    const { name, parts } = family;
    const { texts: labels, duplicates } = await this.#labels.of(family, text);
    text.add(heading(name, family.type, helpOf(family)));
    let offset = 0;
    let invalid = 0;
    for (const part of parts) {
      invalid += await writePoints(part, { name, labels, offset, text });
      offset += part.metric.dataPoints.length;
    }
    if (duplicates > 0) this.#onDropped({ metric: name, reason: "duplicate-series", points: duplicates });
    if (invalid > 0) this.#onDropped({ metric: name, reason: "invalid-value", points: invalid });
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
