import { labelName, labelText } from "../../core/label-text.ts";
import { emptyLabels, type Labels } from "../../core/series-key.ts";
import type { JsonTape } from "../json-tape.ts";
import { arrayIn, booleanIn, numberIn, textIn, visitFields } from "./json-fields.ts";

const WHOLE_NUMBER = /^-?\d+$/;

/**
 * Labels of an array of attributes, as `labelsOfProtobuf` makes them.
 *
 * @param attributes the number of the array; `undefined`: there are none.
 * @param onCut called for each key and value that is cut.
 */
export function labelsOfJson(tape: JsonTape, attributes: number | undefined, onCut: () => void): Labels {
  const labels = emptyLabels();
  for (const attribute of arrayIn(tape, attributes, "attributes")) {
    const [key, value] = pairOf(tape, attribute);
    const text = value === undefined ? "" : labelValueOf(tape, value);
    labels[labelName(key, onCut)] = labelText(text, onCut);
  }
  return labels;
}

/** The key of an attribute, and the number of its value. */
function pairOf(tape: JsonTape, attribute: number): [string, number | undefined] {
  let key = "";
  let found: number | undefined;
  visitFields(tape, attribute, "attributes", (name, value) => {
    if (name === "key") key = textIn(tape, value, "key");
    else if (name === "value") found = value;
  });
  return [key, found];
}

function labelValueOf(tape: JsonTape, anyValue: number): string {
  let text = "";
  visitFields(tape, anyValue, "value", (name, value) => {
    if (name === "stringValue") text = textIn(tape, value, name);
    else if (name === "bytesValue") text = base64In(tape, value);
    else text = jsonOfField(tape, name, value) ?? text;
  });
  return text;
}

function jsonOf(tape: JsonTape, anyValue: number): string {
  let json = "null";
  visitFields(tape, anyValue, "value", (name, value) => {
    json = jsonOfField(tape, name, value) ?? json;
  });
  return json;
}

/** The JSON of a field of an `AnyValue`; `undefined` if it is none that we know. */
function jsonOfField(tape: JsonTape, name: string, value: number): string | undefined {
  switch (name) {
    case "stringValue":
      return JSON.stringify(textIn(tape, value, name));
    case "boolValue":
      return String(booleanIn(tape, value, name));
    case "intValue":
      return wholeNumberText(tape, value);
    case "doubleValue":
      return JSON.stringify(numberIn(tape, value, name));
    case "arrayValue":
      return `[${entriesOf(tape, value, (entry) => jsonOf(tape, entry))}]`;
    case "kvlistValue":
      return `{${entriesOf(tape, value, (entry) => jsonOfPair(tape, entry))}}`;
    case "bytesValue":
      return JSON.stringify(base64In(tape, value));
    default:
      return undefined;
  }
}

/** All digits of a whole number of 64 bits. */
function wholeNumberText(tape: JsonTape, value: number): string {
  const number = numberIn(tape, value, "intValue");
  const text = tape.text(value);
  return WHOLE_NUMBER.test(text) ? BigInt(text).toString() : JSON.stringify(number);
}

function entriesOf(tape: JsonTape, list: number, read: (entry: number) => string): string {
  const entries: string[] = [];
  visitFields(tape, list, "value", (name, values) => {
    if (name === "values") for (const entry of arrayIn(tape, values, name)) entries.push(read(entry));
  });
  return entries.join(",");
}

function jsonOfPair(tape: JsonTape, pair: number): string {
  const [key, value] = pairOf(tape, pair);
  return `${JSON.stringify(key)}:${value === undefined ? "null" : jsonOf(tape, value)}`;
}

/** Bytes, in the alphabet of base64 that `labelsOfProtobuf` writes. */
function base64In(tape: JsonTape, value: number): string {
  return Buffer.from(textIn(tape, value, "bytesValue"), "base64").toString("base64");
}
