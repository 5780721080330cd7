import type { StoredSeries } from "./prometheus.ts";

/** Labels that say how a series came, not which it is. */
const roadLabels = new Set(["road", "job", "instance"]);

/** A series by its name and its own labels, the same by whichever road it came. */
export function seriesName({ labels }: Pick<StoredSeries, "labels">): string {
  const own = Object.entries(labels)
    .filter(([name]) => name !== "__name__" && !roadLabels.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `${labels.__name__}${JSON.stringify(own)}`;
}

/** The series by their names. A name that came twice by one road is a fault in itself. */
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
  /** Of the values that the direct road showed about then, the nearest to it. */
  readonly nearest: number | undefined;
}

/**
 * Values of a detour that the direct road never showed about the same time. A gauge's value has to be one of those
 * shown, to the last bit; a counter, which moves between two looks, has to lie between those shown.
 */
export function disagreements(
  direct: StoredSeries,
  detour: StoredSeries,
  { isCounter, slackSeconds }: { readonly isCounter: boolean; readonly slackSeconds: number },
): Disagreement[] {
  const wrong: Disagreement[] = [];
  const judgedUntil = direct.samples.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  for (const [at, value] of detour.samples) {
    // The direct road may be looked at next, and show this value then.
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
