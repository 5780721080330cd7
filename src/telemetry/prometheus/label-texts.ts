import type { Attributes } from "@opentelemetry/api";
import { labelName } from "./label-name.ts";
import { escapeLabelValue, labelValue } from "./label-value.ts";

/**
 * The labels of attribute sets as the text between the braces of a sample. Texts are kept for as long as the attribute
 * object lives: whoever hands out the same objects at every scrape has them rendered once. An object must not be
 * changed after it was handed out.
 */
export class LabelTexts {
  readonly #texts = new WeakMap<Attributes, string>();
  readonly #reserved: ReadonlySet<string>;

  /** `reserved` labels are the writer's own (`le` of a histogram): an attribute of that name becomes `exported_le`. */
  constructor(reserved: readonly string[] = []) {
    this.#reserved = new Set(reserved);
  }

  /** The text for one set of attributes; empty for none. */
  of(attributes: Attributes): string {
    let text = this.#texts.get(attributes);
    if (text === undefined) {
      text = labelText(attributes, this.#reserved);
      this.#texts.set(attributes, text);
    }
    return text;
  }
}

/**
 * One set of attributes as `agent="a",task_type="b"`, sorted by label, so that equal sets give equal text. Keys that
 * become the same label are joined into one: their values in the order of the keys with `;` between them, as the
 * OpenTelemetry specification has it. To Prometheus an empty value is no label, so it is left out.
 */
export function labelText(attributes: Attributes, reserved?: ReadonlySet<string>): string {
  const values = new Map<string, string>();
  for (const key of Object.keys(attributes).sort()) {
    const value = safeValue(attributes, key);
    if (value === "") continue;
    const label = unreserved(labelName(key), reserved);
    const earlier = values.get(label);
    values.set(label, earlier === undefined ? value : `${earlier};${value}`);
  }
  return [...values]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}="${escapeLabelValue(value)}"`)
    .join(",");
}

function unreserved(label: string, reserved: ReadonlySet<string> | undefined): string {
  return reserved?.has(label) ? `exported_${label}` : label;
}

/** A getter or a proxy among the attributes may throw; the sample is shown all the same. */
function safeValue(attributes: Attributes, key: string): string {
  try {
    return labelValue(attributes[key]);
  } catch {
    return "[unreadable]";
  }
}
