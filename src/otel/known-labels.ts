import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { labelName, labelText } from "../core/label-text.ts";
import { RememberedPlaces } from "../core/remembered-places.ts";
import { emptyLabels, type Labels } from "../core/series-key.ts";
import { textOf } from "../core/text-of.ts";

/** Makes the labels of a point of an instrument. */
export type LabelsOf = (attributes: Attributes) => Labels;

/**
 * Makes labels of attributes, and gives the same object at the next collection if an instrument has
 * the same attributes at the same place. So nothing is made anew, and who uses the labels can
 * recognize them.
 */
export class KnownLabels {
  readonly #instruments = new Map<string, RememberedPlaces<Labels, Labels>>();

  /**
   * Begins a collection of an instrument.
   *
   * @param onCut called for each key and value that is cut.
   */
  begin(scope: string, instrument: string, onCut: () => void): LabelsOf {
    const id = `${scope}\u0000${instrument}`;
    let places = this.#instruments.get(id);
    if (places === undefined) {
      places = new RememberedPlaces();
      this.#instruments.set(id, places);
    }
    places.begin();
    return (attributes) => {
      const labels = places.findBy(areOf, attributes) ?? labelsOf(attributes, onCut);
      places.keep(labels, labels);
      return labels;
    };
  }
}

/** Whether the labels are those of the attributes. Labels of which something was cut are not. */
function areOf(labels: Labels, attributes: Attributes): boolean {
  let count = 0;
  for (const _ in labels) count += 1;
  const keys = Object.keys(attributes);
  if (keys.length !== count) return false;
  for (const key of keys) if (labels[key] !== labelValue(attributes[key])) return false;
  return true;
}

function labelsOf(attributes: Attributes, onCut: () => void): Labels {
  const labels = emptyLabels();
  for (const key of Object.keys(attributes))
    labels[labelName(key, onCut)] = labelText(labelValue(attributes[key]), onCut);
  return labels;
}

function labelValue(value: AttributeValue | undefined): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return textOf(value);
  }
}
