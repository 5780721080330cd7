import type { Attributes } from "@opentelemetry/api";
import { shortText } from "../core/short-name.ts";
import { escapedLabelValue, wellFormed } from "./escaped-text.ts";
import { labelNameText } from "./names/name-text.ts";

/** The maximum of keys whose label is cached; an application may create keys without end. */
const MAX_CACHED_KEYS = 1000;

/** Renders the labels of attribute sets. Caches the label of each key. */
export class LabelTexts {
  readonly #labels = new Map<string, string>();
  readonly #reserved: ReadonlySet<string>;
  readonly #nameOf: (key: string) => string;

  /**
   * The writer uses the `reserved` labels itself, such as `le`: an attribute `le` becomes
   * `exported_le`. `nameOf` gives the name of the label of a key.
   */
  constructor(reserved: readonly string[] = [], nameOf: (key: string) => string = labelName) {
    this.#reserved = new Set(reserved);
    this.#nameOf = nameOf;
  }

  /** The text of one attribute set; see `labelText`. */
  of(attributes: Attributes): string {
    return labelText(attributes, (key) => this.#labelOf(key));
  }

  #labelOf(key: string): string {
    let label = this.#labels.get(key);
    if (label === undefined) {
      label = this.#nameOf(key);
      if (this.#reserved.has(label)) label = `exported_${label}`;
      label = labelNameText(label);
      if (this.#labels.size < MAX_CACHED_KEYS) this.#labels.set(key, label);
    }
    return label;
  }
}

/**
 * One attribute set as the text between the braces of a sample: `agent="a",task_type="b"`. It is
 * sorted by label, so equal sets give equal text. If several keys become the same label, their
 * values are joined by `;` in the order of the keys, as OpenTelemetry specifies. For Prometheus an
 * empty value is no label, so it is left out.
 */
export function labelText(attributes: Attributes, labelOf: (key: string) => string = labelName): string {
  // Texts are kept. One that was added up would stay a tree of its parts, beside the text itself.
  const parts: string[] = [];
  let previous = "";
  for (const key of Object.keys(attributes).sort()) {
    const value = safeValue(attributes, key);
    if (value === "") continue;
    const label = labelOf(key);
    if (label <= previous) return joinedLabelText(attributes, labelOf);
    parts.push(previous === "" ? "" : ",", label, '="', escapedLabelValue(value), '"');
    previous = label;
  }
  return parts.join("");
}

/**
 * `labelText` for keys that become the same label, or whose labels sort differently: rare, and
 * slower.
 */
function joinedLabelText(attributes: Attributes, labelOf: (key: string) => string): string {
  return labelPairs(attributes, labelOf)
    .map(([label, value]) => `${label}="${escapedLabelValue(value)}"`)
    .join(",");
}

/** The labels that `labelText` writes, and their values: sorted by label, without a label twice. */
export function labelPairs(
  attributes: Attributes,
  labelOf: (key: string) => string = labelName,
): [label: string, value: string][] {
  const values = new Map<string, string>();
  for (const key of Object.keys(attributes).sort()) {
    const value = safeValue(attributes, key);
    if (value === "") continue;
    const label = labelOf(key);
    const earlier = values.get(label);
    values.set(label, earlier === undefined ? value : `${earlier};${value}`);
  }
  return Array.from(values, ([label, value]): [string, string] => [label, wellFormed(value)]).sort(
    ([one], [other]) => (one < other ? -1 : 1),
  );
}

/** A getter or a proxy may throw. The sample is shown nevertheless. */
function safeValue(attributes: Attributes, key: string): string {
  try {
    return labelValue(attributes[key]);
  } catch {
    return "[unreadable]";
  }
}

/**
 * The Prometheus label of an attribute key:
 * - Each run of characters that Prometheus does not accept becomes one `_`.
 * - A very long key is cut.
 * - A key with a leading digit gets the prefix `key_`.
 * - Labels with two leading underscores belong to Prometheus, so `__name__` becomes `_name_`.
 * - A key without any accepted character becomes `_`.
 *
 * Follows https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 * (Metric Attributes).
 */
export function labelName(key: string): string {
  const safe = shortText(key).replace(/[^a-zA-Z0-9]+/g, "_");
  if (safe === "") return "_";
  return /^[0-9]/.test(safe) ? `key_${safe}` : safe;
}

/**
 * The label of an attribute key where names may have any characters. A very long key is cut, and one
 * whose label would belong to Prometheus or be empty changes as in `labelName`.
 */
export function utf8LabelName(key: string): string {
  return wellFormed(shortText(key)).replace(/^__+/, "_") || "_";
}

/**
 * The text of an attribute value: strings, numbers and booleans as they are, other values as JSON.
 * `null` and `undefined` become the empty string. A very long text is cut.
 *
 * No value makes it throw: cycles, functions and objects that cannot be read become a word in
 * brackets.
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

function jsonOf(value: object): string {
  try {
    return shortText(JSON.stringify(value) ?? "[object]");
  } catch {
    return "[unserializable]";
  }
}
