import type { ExponentialBuckets } from "../../core/metric-point.ts";
import type { JsonTape } from "../json-tape.ts";
import { arrayIn, numberIn, visitFields, wholeNumberIn } from "./json-fields.ts";
import type { JsonPointMessage } from "./json-points.ts";
import { addBucket, ExplicitValue, ExponentialValue, NumberValue } from "./point-values.ts";

/** `NumberDataPoint`: a point of a gauge or a sum. */
export class JsonNumber implements JsonPointMessage {
  readonly value = new NumberValue();

  readField(name: string, value: number, tape: JsonTape): void {
    if (name === "asDouble") this.value.set(numberIn(tape, value, name));
    else if (name === "asInt") this.value.set(wholeNumberIn(tape, value, name));
  }
}

/** `HistogramDataPoint`. */
export class JsonExplicit implements JsonPointMessage {
  readonly value = new ExplicitValue();

  readField(name: string, value: number, tape: JsonTape): void {
    if (name === "bucketCounts") readBuckets(tape, value, name, this.value.counts);
    else if (name === "explicitBounds") readBuckets(tape, value, name, this.value.boundaries);
    else readCommonField(this.value, name, value, tape);
  }
}

/** `ExponentialHistogramDataPoint`. */
export class JsonExponential implements JsonPointMessage {
  readonly value = new ExponentialValue();

  readField(name: string, value: number, tape: JsonTape): void {
    switch (name) {
      case "scale":
        this.value.scale = wholeNumberIn(tape, value, name);
        break;
      case "zeroCount":
        this.value.zeroCount = wholeNumberIn(tape, value, name);
        break;
      case "positive":
        this.value.positive = bucketsOf(tape, value, name);
        break;
      case "negative":
        this.value.negative = bucketsOf(tape, value, name);
        break;
      default:
        readCommonField(this.value, name, value, tape);
    }
  }
}

function readCommonField(
  histogram: ExplicitValue | ExponentialValue,
  name: string,
  value: number,
  tape: JsonTape,
): void {
  switch (name) {
    case "count":
      histogram.count = wholeNumberIn(tape, value, name);
      break;
    case "sum":
    case "min":
    case "max":
      histogram[name] = numberIn(tape, value, name);
      break;
    default:
  }
}

function bucketsOf(tape: JsonTape, buckets: number, what: string): ExponentialBuckets {
  let offset = 0;
  const bucketCounts: number[] = [];
  visitFields(tape, buckets, what, (name, value) => {
    if (name === "offset") offset = wholeNumberIn(tape, value, name);
    else if (name === "bucketCounts") readBuckets(tape, value, name, bucketCounts);
  });
  return { offset, bucketCounts };
}

function readBuckets(tape: JsonTape, array: number, what: string, numbers: number[]): void {
  for (const value of arrayIn(tape, array, what)) addBucket(numbers, numberIn(tape, value, what));
}
