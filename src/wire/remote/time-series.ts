import { MalformedMessage, MessageReader } from "./message-reader.ts";
import { MessageWriter } from "./message-writer.ts";

/** The name and the value of a label. */
export type Label = readonly [name: string, value: string];

/** A value of a series at one time. */
export interface Sample {
  /** Epoch milliseconds. */
  readonly at: number;
  /** `NaN` at the end of a series. */
  readonly value: number;
  /** Whether it marks the end of the series instead of a value. */
  readonly isEnd: boolean;
}

/** A series of a message. */
export interface TimeSeries {
  /** The bytes of the labels, one character each: series with equal keys have equal labels. */
  readonly key: string;
  readonly samples: readonly Sample[];
  /** How many native histograms it has. They are not read. */
  readonly nativeHistograms: number;
  /**
   * The labels in the order of the message.
   *
   * @throws MalformedMessage if they are no labels.
   */
  labels(): Label[];
}

/** A series to be written: its labels as `keyOf` gives them. */
export interface WritableSeries {
  readonly key: string;
  readonly samples: Iterable<Sample>;
}

/**
 * Prometheus marks the end of a series by this NaN.
 *
 * Source: https://github.com/prometheus/prometheus/blob/main/model/value/value.go (`StaleNaN`)
 */
const END_HIGH = 0x7ff00000;
const END_LOW = 2;

/** The fields of `TimeSeries`, `Label` and `Sample` in prompb/types.proto. */
const LABELS = 1;
const SAMPLES = 2;
const HISTOGRAMS = 4;
const LABEL_NAME = 1;
const LABEL_VALUE = 2;
const SAMPLE_VALUE = 1;
const SAMPLE_TIME = 2;

/** A tag and a floating-point number of 64 bits. */
const DOUBLE_FIELD_BYTES = 9;

/** Reads a `TimeSeries`. */
export function readTimeSeries(message: MessageReader): TimeSeries {
  let key = "";
  let from = message.fieldFrom;
  let to = from;
  const samples: Sample[] = [];
  let nativeHistograms = 0;
  while (message.next()) {
    switch (message.field) {
      case LABELS:
        // Labels that follow each other are one part of the key: nearly always all of them.
        if (message.fieldFrom !== to) {
          key += message.key({ from, to });
          from = message.fieldFrom;
        }
        message.range();
        to = message.fieldTo;
        break;
      case SAMPLES:
        samples.push(message.inside(readSample));
        break;
      case HISTOGRAMS:
        nativeHistograms += 1;
        break;
      default:
    }
  }
  key += message.key({ from, to });
  return { key, samples, nativeHistograms, labels: () => labelsOf(key) };
}

function readSample(message: MessageReader): Sample {
  let at = 0;
  let value = 0;
  let isEnd = false;
  while (message.next()) {
    if (message.field === SAMPLE_TIME) at = message.int();
    else if (message.field === SAMPLE_VALUE) {
      const double = message.double();
      value = double.value;
      isEnd = double.high === END_HIGH && double.low === END_LOW;
    }
  }
  return { at, value, isEnd };
}

function labelsOf(key: string): Label[] {
  const labels: Label[] = [];
  const message = new MessageReader(Buffer.from(key, "latin1"));
  while (message.next()) labels.push(message.inside(readLabel));
  return labels;
}

function readLabel(message: MessageReader): Label {
  let name = "";
  let value = "";
  while (message.next()) {
    if (message.field === LABEL_NAME) name = message.text();
    else if (message.field === LABEL_VALUE) value = message.text();
  }
  if (name === "") throw new MalformedMessage("a label has no name");
  return [name, value];
}

/** The key of labels, which is what is written of them. Prometheus expects them sorted by name. */
export function keyOf(labels: Iterable<Label>): string {
  const all = new MessageWriter();
  const one = new MessageWriter();
  for (const [name, value] of labels) {
    one.text(LABEL_NAME, name);
    one.text(LABEL_VALUE, value);
    all.bytes(LABELS, one.finish());
  }
  return Buffer.from(all.finish().buffer).toString("latin1");
}

/** Writes `TimeSeries`, one after the other, as fields of a message. */
export class TimeSeriesWriter {
  readonly #series = new MessageWriter();
  readonly #sample = new MessageWriter();

  /** Returns the number of samples. */
  write(into: MessageWriter, field: number, { key, samples }: WritableSeries): number {
    let count = 0;
    this.#series.latin1(key);
    for (const sample of samples) {
      this.#writeSample(sample);
      count += 1;
    }
    into.bytes(field, this.#series.finish());
    return count;
  }

  #writeSample({ at, value, isEnd }: Sample): void {
    this.#sample.int(SAMPLE_TIME, at);
    this.#series.begin(SAMPLES, this.#sample.length + DOUBLE_FIELD_BYTES);
    if (isEnd) this.#series.doubleBits(SAMPLE_VALUE, END_HIGH, END_LOW);
    else this.#series.double(SAMPLE_VALUE, value);
    this.#series.raw(this.#sample.finish());
  }
}
