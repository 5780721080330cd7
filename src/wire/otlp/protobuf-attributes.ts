import { labelName, labelText } from "../../core/label-text.ts";
import { emptyLabels, type Labels } from "../../core/series-key.ts";
import { MalformedMessage } from "../malformed-message.ts";
import { tagOf, WIRE } from "../protobuf-fields.ts";
import type { ProtobufReader } from "../protobuf-reader.ts";

const KEY = tagOf(1, WIRE.bytes);
const VALUE = tagOf(2, WIRE.bytes);

const TEXT_VALUE = tagOf(1, WIRE.bytes);
const BOOLEAN_VALUE = tagOf(2, WIRE.varint);
const INTEGER_VALUE = tagOf(3, WIRE.varint);
const DOUBLE_VALUE = tagOf(4, WIRE.fixed64);
const ARRAY_VALUE = tagOf(5, WIRE.bytes);
const LIST_VALUE = tagOf(6, WIRE.bytes);
const BYTES_VALUE = tagOf(7, WIRE.bytes);
/** The values of an array, and the pairs of a list. */
const ENTRY = tagOf(1, WIRE.bytes);

/** The deepest nesting of a value. */
export const MAX_VALUE_DEPTH = 32;

/**
 * Labels of attributes: `KeyValue` messages. A text is its own label value, bytes are written in
 * base64, and other values as JSON.
 *
 * @param field the tag of the attributes; other fields are skipped.
 * @param onCut called for each key and value that is cut.
 */
export function labelsOfProtobuf(reader: ProtobufReader, field: number, onCut: () => void): Labels {
  const labels = emptyLabels();
  while (reader.find(field)) {
    const outer = reader.enter();
    let key = "";
    let value = "";
    while (reader.hasMore) {
      const tag = reader.tag();
      if (tag === KEY) key = reader.text();
      else if (tag === VALUE) value = labelValueOf(reader);
      else reader.skip(tag);
    }
    reader.leave(outer);
    labels[labelName(key, onCut)] = labelText(value, onCut);
  }
  return labels;
}

function labelValueOf(reader: ProtobufReader): string {
  const outer = reader.enter();
  let text = "";
  while (reader.hasMore) {
    const tag = reader.tag();
    if (tag === TEXT_VALUE) text = reader.text();
    else if (tag === BYTES_VALUE) text = reader.base64();
    else text = jsonOfField(reader, tag, 1) ?? text;
  }
  reader.leave(outer);
  return text;
}

/** The JSON of the `AnyValue` that comes next. */
function jsonOf(reader: ProtobufReader, depth: number): string {
  if (depth > MAX_VALUE_DEPTH)
    throw new MalformedMessage(`the value of an attribute is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  const outer = reader.enter();
  let json = "null";
  while (reader.hasMore) json = jsonOfField(reader, reader.tag(), depth) ?? json;
  reader.leave(outer);
  return json;
}

/** The JSON of a field of an `AnyValue`; `undefined` if it is none that we know. */
function jsonOfField(reader: ProtobufReader, tag: number, depth: number): string | undefined {
  switch (tag) {
    case TEXT_VALUE:
      return JSON.stringify(reader.text());
    case BOOLEAN_VALUE:
      return reader.varint() === 0 ? "false" : "true";
    case INTEGER_VALUE:
      return reader.int64().toString();
    case DOUBLE_VALUE:
      return JSON.stringify(reader.double());
    case ARRAY_VALUE:
      return `[${entriesOf(reader, () => jsonOf(reader, depth + 1))}]`;
    case LIST_VALUE:
      return `{${entriesOf(reader, () => jsonOfPair(reader, depth + 1))}}`;
    case BYTES_VALUE:
      return JSON.stringify(reader.base64());
    default:
      reader.skip(tag);
      return undefined;
  }
}

function entriesOf(reader: ProtobufReader, read: () => string): string {
  const outer = reader.enter();
  const entries: string[] = [];
  while (reader.find(ENTRY)) entries.push(read());
  reader.leave(outer);
  return entries.join(",");
}

function jsonOfPair(reader: ProtobufReader, depth: number): string {
  const outer = reader.enter();
  let key = "";
  let value = "null";
  while (reader.hasMore) {
    const tag = reader.tag();
    if (tag === KEY) key = reader.text();
    else if (tag === VALUE) value = jsonOf(reader, depth);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return `${JSON.stringify(key)}:${value}`;
}
