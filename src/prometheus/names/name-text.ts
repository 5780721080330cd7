import { escapedLabelValue } from "../escaped-text.ts";
import { LABEL_NAMES, METRIC_NAMES, type PlainNames } from "./escaping.ts";

/** What stands before the value of a sample: without labels, and up to the first label. */
export interface SampleHead {
  readonly bare: string;
  readonly open: string;
}

/** The name of a metric in a heading. It is quoted if an older Prometheus would not accept it. */
export function metricNameText(name: string): string {
  return quoted(name, METRIC_NAMES);
}

/** The name of a label in front of its value. */
export function labelNameText(name: string): string {
  return quoted(name, LABEL_NAMES);
}

/** A name that is quoted stands between the braces. */
export function sampleHead(name: string): SampleHead {
  const text = metricNameText(name);
  return text === name ? { bare: name, open: `${name}{` } : { bare: `{${text}}`, open: `{${text},` };
}

function quoted(name: string, plain: PlainNames): string {
  return plain.whole.test(name) ? name : `"${escapedLabelValue(name)}"`;
}
