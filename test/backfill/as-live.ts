import { expect } from "vitest";
import type { Resolution } from "../../src/series/resolution.ts";
import type { SeriesSnapshot } from "../../src/series/series-snapshot.ts";
import { TieredSeries } from "../../src/series/tiered-series.ts";

const MOST_DIFFERENCE = 1e-9;

/** The series that has taken samples one by one, as they come to a process that runs. */
export function fedLive(
  resolutions: readonly Resolution[],
  samples: Iterable<readonly [at: number, value: number]>,
): SeriesSnapshot {
  const series = new TieredSeries({ resolutions });
  for (const [at, value] of samples) series.append({ at, value });
  return series.snapshot();
}

/** Expects the same slots, with the same values but for rounding. */
export function expectSame(found: SeriesSnapshot | undefined, live: SeriesSnapshot): void {
  expect(found?.tiers.map(shapeOf)).toEqual(live.tiers.map(shapeOf));
  for (const [index, tier] of live.tiers.entries()) {
    const other = found?.tiers[index];
    expectClose(other?.open?.value, tier.open?.value);
    for (const [slot, value] of tier.values.entries()) expectClose(other?.values[slot], value);
  }
}

/**
 * Where the slots are in time. Their numbers may differ: an older gap, of which nothing is left, has
 * moved them.
 */
function shapeOf({ values, open, slot, originMillis, stepSeconds }: SeriesSnapshot["tiers"][number]): object {
  return {
    stepSeconds,
    openFrom: originMillis + slot * stepSeconds * 1000,
    length: values.length,
    open: open && { count: open.count, at: open.at },
  };
}

function expectClose(found: number | null | undefined, expected: number | null | undefined): void {
  if (found === expected || (Number.isNaN(found) && Number.isNaN(expected))) return;
  const difference = Math.abs(Number(found) - Number(expected)) / Math.max(1, Math.abs(Number(expected)));
  if (!(difference <= MOST_DIFFERENCE)) expect.fail(`${found} is not ${expected}`);
}
