import type { MetricHeader, MetricIntake, PointIntake, ResourceIntake } from "../../core/point-intake.ts";
import type { Labels } from "../../core/series-key.ts";
import { Pace, type Steps } from "../../core/yielding-runner.ts";
import { scanJson } from "../json-scanner.ts";
import type { JsonTape } from "../json-tape.ts";
import { type ExportResult, MAX_PART_BYTES, type Rejection } from "./export-result.ts";
import { labelsOfJson } from "./json-attributes.ts";
import { arrayIn, textIn, visitFields } from "./json-fields.ts";
import { JsonMetric } from "./json-metric.ts";
import { isTooLarge, JsonPoints } from "./json-points.ts";
import { JsonExplicit, JsonExponential, JsonNumber } from "./json-values.ts";
import { headerOf } from "./metric-header.ts";

/**
 * Reads an `ExportMetricsServiceRequest` in JSON and hands its points to an intake. It yields now and
 * then. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 *
 * @param result counts the points. Those before a field with a wrong type are taken.
 * @throws MalformedMessage if the bytes are not such a message.
 */
export function* decodeJson(bytes: Uint8Array, intake: PointIntake, result: ExportResult): Steps<void> {
  const tape = yield* scanJson(bytes);
  yield* new Decoder(tape, intake, result).decode();
}

/** Opens the resource, the metric and the streams only for points that can be taken. */
class Decoder {
  readonly #tape: JsonTape;
  readonly #intake: PointIntake;
  readonly #result: ExportResult;
  readonly #pace = new Pace();
  readonly #numbers: JsonPoints;
  readonly #explicit: JsonPoints;
  readonly #exponential: JsonPoints;
  readonly #metric: JsonMetric;
  #attributes: number | undefined;
  #scope: number | undefined;
  #resourceIntake: ResourceIntake | undefined;
  #metricIntake: MetricIntake | undefined;
  #rejection: Rejection | undefined;

  constructor(tape: JsonTape, intake: PointIntake, result: ExportResult) {
    this.#tape = tape;
    this.#intake = intake;
    this.#result = result;
    this.#numbers = new JsonPoints(new JsonNumber(), tape, result);
    this.#explicit = new JsonPoints(new JsonExplicit(), tape, result);
    this.#exponential = new JsonPoints(new JsonExponential(), tape, result);
    this.#metric = new JsonMetric(tape);
  }

  *decode(): Steps<void> {
    for (const resourceMetrics of this.#listIn(0, "resourceMetrics")) {
      this.#beginResource(resourceMetrics);
      for (const scopeMetrics of this.#listIn(resourceMetrics, "scopeMetrics")) {
        this.#scope = this.#fieldIn(scopeMetrics, "scope");
        yield* this.#metrics(scopeMetrics);
      }
      if (this.#pace.isDue()) yield;
    }
  }

  *#metrics(scopeMetrics: number): Steps<void> {
    for (const metric of this.#listIn(scopeMetrics, "metrics")) {
      this.#beginMetric(metric);
      for (const point of arrayIn(this.#tape, this.#metric.dataPoints, "dataPoints")) {
        this.#readPoint(point);
        if (this.#pace.isDue()) yield;
      }
      if (this.#pace.isDue()) yield;
    }
  }

  #beginResource(resourceMetrics: number): void {
    const resource = this.#fieldIn(resourceMetrics, "resource");
    this.#attributes = resource === undefined ? undefined : this.#fieldIn(resource, "attributes");
    this.#resourceIntake = undefined;
  }

  #beginMetric(metric: number): void {
    this.#metric.read(metric);
    this.#metricIntake = undefined;
    const tooLarge =
      isTooLarge(this.#tape, this.#attributes) ||
      (this.#scope !== undefined && this.#tape.length(this.#scope) > MAX_PART_BYTES);
    this.#rejection = tooLarge ? "oversized" : this.#metric.rejection;
  }

  #readPoint(point: number): void {
    const { data } = this.#metric;
    if (this.#rejection !== undefined) this.#result.reject(this.#rejection);
    else if (data === "summary") this.#result.summaries += 1;
    else {
      this.#metricIntake ??= this.#openMetric();
      if (data === "histogram") this.#explicit.read(point, this.#metricIntake);
      else if (data === "exponential") this.#exponential.read(point, this.#metricIntake);
      else this.#numbers.read(point, this.#metricIntake);
    }
  }

  #openMetric(): MetricIntake {
    this.#resourceIntake ??= this.#intake.resource(this.#keyOf(this.#attributes), this.#readResource);
    const scope = this.#keyOf(this.#scope);
    const key = `json ${scope.length} ${scope}${this.#metric.key()}`;
    return this.#resourceIntake.metric(key, this.#readHeader);
  }

  readonly #readResource = (): Labels => labelsOfJson(this.#tape, this.#attributes, this.#result.countCut);

  readonly #readHeader = (): MetricHeader =>
    headerOf(this.#scopeName(), this.#metric.texts(), this.#metric, this.#result);

  #scopeName(): string {
    const name = this.#scope === undefined ? undefined : this.#fieldIn(this.#scope, "name");
    return name === undefined ? "" : textIn(this.#tape, name, "name");
  }

  #keyOf(value: number | undefined): string {
    return value === undefined ? "" : this.#tape.key(value);
  }

  #listIn(message: number, wanted: string): Iterable<number> {
    return arrayIn(this.#tape, this.#fieldIn(message, wanted), wanted);
  }

  /** The field of a message; `undefined` if it has none. */
  #fieldIn(message: number, wanted: string): number | undefined {
    let found: number | undefined;
    visitFields(this.#tape, message, wanted, (name, value) => {
      if (name === wanted) found = value;
    });
    return found;
  }
}
