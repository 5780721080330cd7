import type { Attributes } from "@opentelemetry/api";
import { shortText } from "../core/short-name.ts";

/** So many keys have their label remembered; an app that invents keys all the time has the others made anew. */
const maxRememberedKeys = 1000;

/** Renders the labels of attribute sets, remembering what label a key becomes. */
export class LabelTexts {
  readonly #labels = new Map<string, string>();
  readonly #reserved: ReadonlySet<string>;

  /** `reserved` labels are the writer's own (`le` of a histogram): an attribute of that name becomes `exported_le`. */
  constructor(reserved: readonly string[] = []) {
    this.#reserved = new Set(reserved);
  }

  /** The text for one set of attributes, as `labelText` has it. */
  of(attributes: Attributes): string {
    return labelText(attributes, (key) => this.#labelOf(key));
  }

  #labelOf(key: string): string {
    let label = this.#labels.get(key);
    if (label === undefined) {
      label = labelName(key);
      if (this.#reserved.has(label)) label = `exported_${label}`;
      if (this.#labels.size < maxRememberedKeys) this.#labels.set(key, label);
    }
    return label;
  }
}

/**
 * One set of attributes as the text between the braces of a sample, `agent="a",task_type="b"`, sorted by label, so that equal sets give equal text. Keys that
 * become the same label are joined into one: their values in the order of the keys with `;` between them, as the
 * OpenTelemetry specification has it. To Prometheus an empty value is no label, so it is left out.
 */
export function labelText(attributes: Attributes, labelOf: (key: string) => string = labelName): string {
  let text = "";
  let previous = "";
  for (const key of Object.keys(attributes).sort()) {
    const value = safeValue(attributes, key);
    if (value === "") continue;
    const label = labelOf(key);
    if (label <= previous) return joinedLabelText(attributes, labelOf);
    previous = label;
    text += `${text === "" ? "" : ","}${label}="${escapedLabelValue(value)}"`;
  }
  return text;
}

/** The same where keys become one label, or labels have another order than their keys: rare, and slower. */
function joinedLabelText(attributes: Attributes, labelOf: (key: string) => string): string {
  const values = new Map<string, string>();
  for (const key of Object.keys(attributes).sort()) {
    const value = safeValue(attributes, key);
    if (value === "") continue;
    const label = labelOf(key);
    const earlier = values.get(label);
    values.set(label, earlier === undefined ? value : `${earlier};${value}`);
  }
  return [...values]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}="${escapedLabelValue(value)}"`)
    .join(",");
}

/** A getter or a proxy among the attributes may throw; the sample is shown all the same. */
function safeValue(attributes: Attributes, key: string): string {
  try {
    return labelValue(attributes[key]);
  } catch {
    return "[unreadable]";
  }
}

/**
 * The Prometheus label that an attribute key becomes: characters that Prometheus does not take become `_`, several of
 * them one, a key that is very long is cut, and a leading digit is put behind `key_`. Labels that begin with two underscores belong to Prometheus, so
 * `__name__` becomes `_name_`; a key in which nothing can be kept becomes `_`.
 *
 * Follows https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ (Metric Attributes).
 */
export function labelName(key: string): string {
  const safe = shortText(key).replace(/[^a-zA-Z0-9]+/g, "_");
  if (safe === "") return "_";
  return /^[0-9]/.test(safe) ? `key_${safe}` : safe;
}

/**
 * The text of an attribute value: a string as it is, numbers and truth values in digits and words, anything else as
 * JSON. Nothing that an app can put into an attribute makes it throw: cycles, BigInt, functions and objects that refuse
 * to be read become a word in brackets; what is very long is cut. `null` and `undefined` are no value and become the empty string.
 */
export function labelValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return shortText(value);
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    case "undefined":
      return "";
    case "object":
      return value === null ? "" : jsonOf(value);
    default:
      return `[${typeof value}]`;
  }
}

/** The value with what the text format gives a meaning inside of quotes (backslash, quote, line feed) escaped. */
export function escapedLabelValue(text: string): string {
  if (!/[\\"\n\uD800-\uDFFF]/.test(text)) return text;
  return wellFormed(text).replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

/** A description with what the text format gives a meaning in a HELP line (backslash, line feed) escaped. */
export function escapedHelp(text: string): string {
  return wellFormed(text).replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
}

function jsonOf(value: object): string {
  try {
    return shortText(JSON.stringify(value) ?? "[object]");
  } catch {
    return "[unserializable]";
  }
}

/** UTF-8 has no lone surrogates: two values that differ only in these would become equal on the wire. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
