import type { JsonTape } from "../json-tape.ts";
import { MAX_PART_BYTES, type Rejection } from "./export-result.ts";
import { booleanIn, textIn, visitFields, wholeNumberIn } from "./json-fields.ts";
import {
  type Aggregation,
  aggregates,
  type MetricData,
  type MetricTexts,
  temporalityOf,
} from "./metric-header.ts";

const DATA: ReadonlyMap<string, MetricData> = new Map([
  ["gauge", "gauge"],
  ["sum", "sum"],
  ["histogram", "histogram"],
  ["exponentialHistogram", "exponential"],
  ["summary", "summary"],
]);
const TEMPORALITIES: ReadonlyMap<string, number> = new Map([
  ["AGGREGATION_TEMPORALITY_UNSPECIFIED", 0],
  ["AGGREGATION_TEMPORALITY_DELTA", 1],
  ["AGGREGATION_TEMPORALITY_CUMULATIVE", 2],
]);
const TEXTS = ["name", "unit", "description"] as const;

/** What a metric says of itself beside its points. */
export class JsonMetric implements Aggregation {
  readonly #tape: JsonTape;
  data: MetricData = "gauge";
  isMonotonic = false;
  /** The array of points; `undefined` if there are none. */
  dataPoints: number | undefined;
  #temporality = 0;
  /** Where the texts are. */
  #texts: Partial<Record<keyof MetricTexts, number>> = {};
  #dataMessage: number | undefined;

  constructor(tape: JsonTape) {
    this.#tape = tape;
  }

  get temporality(): Aggregation["temporality"] {
    return temporalityOf(this.#temporality);
  }

  /** Why no point of the metric can be taken. */
  get rejection(): Rejection | undefined {
    if (this.#text("name") === "") return "no_name";
    if (this.#length() > MAX_PART_BYTES) return "oversized";
    return aggregates(this.data) && this.temporality === undefined ? "no_temporality" : undefined;
  }

  /** Reads a metric, up to its points. */
  read(metric: number): void {
    this.#texts = {};
    this.#dataMessage = undefined;
    this.dataPoints = undefined;
    this.#temporality = 0;
    this.isMonotonic = false;
    visitFields(this.#tape, metric, "metrics", this.#readField);
    if (this.#dataMessage !== undefined)
      visitFields(this.#tape, this.#dataMessage, this.data, this.#readDataField);
  }

  /** A text that only metrics with the same header have. */
  key(): string {
    const texts = TEXTS.map((name) => {
      const text = this.#texts[name];
      return text === undefined ? "" : this.#tape.key(text);
    });
    return `${this.data}${this.isMonotonic ? "+" : "-"}${this.#temporality}${texts.join()}`;
  }

  texts(): MetricTexts {
    return { name: this.#text("name"), unit: this.#text("unit"), description: this.#text("description") };
  }

  readonly #readField = (name: string, value: number): void => {
    const data = DATA.get(name);
    if (data !== undefined) {
      this.data = data;
      this.#dataMessage = value;
    } else if (name === "name" || name === "unit" || name === "description") this.#texts[name] = value;
  };

  readonly #readDataField = (name: string, value: number): void => {
    if (name === "dataPoints") this.dataPoints = value;
    else if (name === "aggregationTemporality") this.#temporality = this.#temporalityIn(value);
    else if (name === "isMonotonic" && this.data === "sum")
      this.isMonotonic = booleanIn(this.#tape, value, name);
  };

  /** A number, or its name in the `.proto` file. */
  #temporalityIn(value: number): number {
    const named = this.#tape.kind(value) === "text" ? TEMPORALITIES.get(this.#tape.text(value)) : undefined;
    return named ?? wholeNumberIn(this.#tape, value, "aggregationTemporality");
  }

  #text(name: keyof MetricTexts): string {
    const text = this.#texts[name];
    return text === undefined ? "" : textIn(this.#tape, text, name);
  }

  #length(): number {
    return Object.values(this.#texts).reduce((sum, text) => sum + this.#tape.length(text), 0);
  }
}
