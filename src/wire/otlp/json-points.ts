import type { MetricIntake } from "../../core/point-intake.ts";
import type { Labels } from "../../core/series-key.ts";
import type { JsonTape } from "../json-tape.ts";
import { type ExportResult, MAX_ATTRIBUTES, MAX_PART_BYTES } from "./export-result.ts";
import { labelsOfJson } from "./json-attributes.ts";
import { expectArray, millisIn, visitFields, wholeNumberIn } from "./json-fields.ts";
import type { PointValue } from "./point-values.ts";
import { type ReadPoint, takePoint } from "./take-point.ts";

/** The fields of the value of a message of points. Other fields are ignored. */
export interface JsonPointMessage {
  readonly value: PointValue;
  readField(name: string, value: number, tape: JsonTape): void;
}

/** Reads the points of one kind of metric. No attribute of a known stream is decoded. */
export class JsonPoints implements ReadPoint {
  readonly value: PointValue;
  at = 0;
  startAt = 0;
  flags = 0;
  readonly #message: JsonPointMessage;
  readonly #tape: JsonTape;
  readonly #result: ExportResult;
  #attributes: number | undefined;

  constructor(message: JsonPointMessage, tape: JsonTape, result: ExportResult) {
    this.value = message.value;
    this.#message = message;
    this.#tape = tape;
    this.#result = result;
  }

  get isTooLarge(): boolean {
    return isTooLarge(this.#tape, this.#attributes);
  }

  /** Reads a point, and hands it to its stream. */
  read(point: number, metric: MetricIntake): void {
    this.at = 0;
    this.startAt = 0;
    this.flags = 0;
    this.#attributes = undefined;
    this.value.clear();
    visitFields(this.#tape, point, "dataPoints", this.#readField);
    takePoint(this, metric, this.#result);
  }

  key(): string {
    return this.#attributes === undefined ? "" : this.#tape.key(this.#attributes);
  }

  readonly readLabels = (): Labels => labelsOfJson(this.#tape, this.#attributes, this.#result.countCut);

  readonly #readField = (name: string, value: number): void => {
    switch (name) {
      case "timeUnixNano":
        this.at = millisIn(this.#tape, value, name);
        break;
      case "startTimeUnixNano":
        this.startAt = millisIn(this.#tape, value, name);
        break;
      case "attributes":
        this.#attributes = value;
        break;
      case "flags":
        this.flags = wholeNumberIn(this.#tape, value, name);
        break;
      default:
        this.#message.readField(name, value, this.#tape);
    }
  };
}

/** Whether there are too many attributes, or too long ones. */
export function isTooLarge(tape: JsonTape, attributes: number | undefined): boolean {
  if (attributes === undefined) return false;
  expectArray(tape, attributes, "attributes");
  return tape.count(attributes) > MAX_ATTRIBUTES || tape.length(attributes) > MAX_PART_BYTES;
}
