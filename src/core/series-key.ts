/** The labels of a series, as in Prometheus. */
export type Labels = Readonly<Record<string, string>>;

/** Identifies a series: the Prometheus name of its metric, and its labels. */
export interface SeriesKey {
  readonly metric: string;
  readonly labels: Labels;
}

/** The class of `emptyLabels`. Its objects inherit nothing. */
class LabelSet {}
Reflect.deleteProperty(LabelSet.prototype, "constructor");
Reflect.setPrototypeOf(LabelSet.prototype, null);

/**
 * Labels to be filled in. They lack what every object has: a view may select a label by a name such
 * as "constructor". `Object.create(null)` gives the same, but in four times the memory.
 */
export function emptyLabels(): Record<string, string> {
  return new LabelSet() as Record<string, string>;
}

/**
 * An id of a series. Equal keys have the same id, also if the order of labels differs. It is one string:
 * one that was added up from parts would be kept as a tree of them, in a kilobyte or two.
 */
export function seriesId(key: SeriesKey): string {
  const names = Object.keys(key.labels);
  if (names.length === 0) return key.metric;
  if (names.length > 1) names.sort();
  const parts = [key.metric];
  for (const name of names) parts.push("\u0000", name, "\u0001", key.labels[name] as string);
  return parts.join("");
}
