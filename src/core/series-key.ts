/** Labels of a series: plain strings, as Prometheus has them. */
export type Labels = Readonly<Record<string, string>>;

/** What names a series: the Prometheus name of its metric and its labels. */
export interface SeriesKey {
  readonly metric: string;
  readonly labels: Labels;
}

/** A string that is the same for equal keys whatever the order of their labels, and different for others. */
export function seriesId(key: SeriesKey): string {
  const names = Object.keys(key.labels);
  if (names.length === 0) return key.metric;
  if (names.length === 1) return `${key.metric}\u0000${names[0]}\u0001${key.labels[names[0] as string]}`;
  names.sort();
  let id = key.metric;
  for (const name of names) id += `\u0000${name}\u0001${key.labels[name]}`;
  return id;
}
