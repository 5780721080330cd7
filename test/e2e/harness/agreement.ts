import type { StoredSeries } from "./prometheus.ts";

/** Labels of the way by which a series arrived. They do not identify the series. */
const roadLabels = new Set(["road", "job", "instance"]);

/** The identity of a series: its name and its own labels, the same for every way. */
export function seriesName({ labels }: Pick<StoredSeries, "labels">): string {
  const own = Object.entries(labels)
    .filter(([name]) => name !== "__name__" && !roadLabels.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `${labels.__name__}${JSON.stringify(own)}`;
}

/** The series by identity. Fails when one arrived twice by the same way. */
export function byName(series: readonly StoredSeries[]): Map<string, StoredSeries> {
  const named = new Map<string, StoredSeries>();
  for (const one of series) {
    const name = seriesName(one);
    if (named.has(name)) throw new Error(`${name} came twice by the same road`);
    named.set(name, one);
  }
  return named;
}

export interface Disagreement {
  readonly series: string;
  readonly at: number;
  readonly value: number;
  /** The nearest of the values that the direct way showed at about that time. */
  readonly nearest: number | undefined;
}

/**
 * Values of another way that the direct way did not show at about the same time. A gauge must have
 * one of the shown values exactly. A counter grows between two scrapes: it must lie between shown
 * values.
 */
export function disagreements(
  direct: StoredSeries,
  detour: StoredSeries,
  { isCounter, slackSeconds }: { readonly isCounter: boolean; readonly slackSeconds: number },
): Disagreement[] {
  const wrong: Disagreement[] = [];
  const judgedUntil = direct.samples.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  for (const [at, value] of detour.samples) {
    // The next scrape of the direct way may show this value.
    if (at > judgedUntil) continue;
    const shown = direct.samples.filter(([time]) => Math.abs(time - at) <= slackSeconds).map(([, it]) => it);
    const agrees = isCounter
      ? value >= Math.min(...shown) && value <= Math.max(...shown)
      : shown.includes(value);
    if (!agrees) wrong.push({ series: seriesName(detour), at, value, nearest: nearestTo(value, shown) });
  }
  return wrong;
}

function nearestTo(value: number, shown: readonly number[]): number | undefined {
  return shown.toSorted((a, b) => Math.abs(a - value) - Math.abs(b - value))[0];
}
