import type { Attributes } from "@opentelemetry/api";
import { labelName } from "./label-name.ts";
import { escapedLabelValue, labelValue } from "./label-value.ts";

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
