import { type DataPoint, DataPointType } from "@opentelemetry/sdk-metrics";
import { exemplarOf } from "../../core/exemplar.ts";
import { MessageWriter } from "../../wire/remote/message-writer.ts";
import { type FamilyPart, isOwnScope, type MetricFamily, TARGET_INFO } from "../metric-families.ts";
import type { PacedText } from "../paced-text.ts";
import type { FittedFamily } from "../page-budget.ts";
import { labelsIn } from "./labels-in.ts";
import { helpOf, type Page, writeParts } from "./page.ts";
import { exemplarMessage } from "./protobuf-exemplar.ts";
import { histogramMessage } from "./protobuf-histogram.ts";
import { timestampMessage } from "./protobuf-timestamp.ts";

/** The fields of `io.prometheus.client.MetricFamily`, `Metric`, `LabelPair`, `Gauge` and `Counter`. */
const FAMILY = { name: 1, help: 2, type: 3, metric: 4 };
const METRIC = { label: 1, gauge: 2, counter: 3, histogram: 7 };
const LABEL = { name: 1, value: 2 };
const NUMBER = { value: 1, exemplar: 2, created: 3 };
const TYPES: Readonly<Record<MetricFamily["type"], number>> = { counter: 0, gauge: 1, histogram: 4 };

/**
 * A page in the protobuf format of Prometheus, the only one with native histograms and times of start.
 * Classic buckets are there too, unless they are left out: each Prometheus chooses which of the two it
 * stores.
 *
 * https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
 */
export class ProtobufPage implements Page {
  readonly #pieces: PacedText;
  readonly #classicBuckets: boolean;
  readonly #family = new MessageWriter();
  readonly #metric = new MessageWriter();
  readonly #part = new MessageWriter();

  /** @param classicBuckets whether native histograms have their classic buckets too. */
  constructor(pieces: PacedText, classicBuckets: boolean) {
    this.#pieces = pieces;
    this.#classicBuckets = classicBuckets;
  }

  target(labels: string): void {
    this.#begin(TARGET_INFO, "Target metadata", "gauge");
    this.#addLabels(labels);
    this.#addNumber(METRIC.gauge, 1);
    this.#endMetric();
    this.#endFamily();
  }

  async family(fitted: FittedFamily): Promise<number> {
    const { family, texts } = fitted;
    this.#begin(family.name, helpOf(family), family.type);
    const invalid = await writeParts(fitted, async (part, offset) => {
      let without = 0;
      for (let index = 0; index < part.metric.dataPoints.length; index += 1) {
        const labels = texts[offset + index];
        if (labels === undefined) continue;
        if (!this.#addPoint(part, index, labels)) without += 1;
        if (this.#pieces.isRestDue()) await this.#pieces.rest();
      }
      return without;
    });
    this.#endFamily();
    return invalid;
  }

  end(): void {}

  #begin(name: string, help: string, type: MetricFamily["type"]): void {
    this.#family.text(FAMILY.name, name);
    this.#family.text(FAMILY.help, help);
    this.#family.int(FAMILY.type, TYPES[type]);
  }

  /** Returns `false` if the value can't be shown. */
  #addPoint({ metric, scope }: FamilyPart, index: number, labels: string): boolean {
    const point = metric.dataPoints.at(index);
    if (point === undefined) return false;
    if (
      metric.dataPointType === DataPointType.HISTOGRAM ||
      metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM
    ) {
      const histogram = histogramMessage(metric, index, this.#classicBuckets);
      if (histogram === undefined) return false;
      this.#addLabels(labels);
      this.#metric.bytes(METRIC.histogram, histogram);
      this.#endMetric();
      return true;
    }
    const { value } = point;
    if (typeof value !== "number" || (isOwnScope(scope) && !Number.isFinite(value))) return false;
    this.#addLabels(labels);
    if (metric.dataPointType === DataPointType.SUM && metric.isMonotonic)
      this.#addNumber(METRIC.counter, value, point);
    else this.#addNumber(METRIC.gauge, value);
    this.#endMetric();
    return true;
  }

  #addLabels(text: string): void {
    for (const [name, value] of labelsIn(text)) {
      this.#part.text(LABEL.name, name);
      this.#part.text(LABEL.value, value);
      this.#metric.bytes(METRIC.label, this.#part.finish());
    }
  }

  /** @param counter the point of a counter: it has an exemplar if one is known, and a time of start. */
  #addNumber(field: number, value: number, counter?: DataPoint<unknown>): void {
    this.#part.double(NUMBER.value, value);
    const exemplar = exemplarOf(counter);
    if (exemplar !== undefined) this.#part.bytes(NUMBER.exemplar, exemplarMessage(exemplar));
    const created = counter === undefined ? undefined : timestampMessage(counter.startTime);
    if (created !== undefined) this.#part.bytes(NUMBER.created, created);
    this.#metric.bytes(field, this.#part.finish());
  }

  #endMetric(): void {
    this.#family.bytes(FAMILY.metric, this.#metric.finish());
  }

  /** Each family is preceded by its length. */
  #endFamily(): void {
    const family = this.#family.finish();
    this.#part.varint(family.length);
    this.#pieces.addBytes(this.#part.finish());
    this.#pieces.addBytes(family);
  }
}
