import type { Resolution } from "../series/resolution.ts";

/**
 * The slots of one tier that are asked for, on a grid of multiples of the step since the epoch.
 *
 * A slot of the finest tier has one sample, at `slot * stepMillis`. A slot of a coarser tier has
 * those from its start to its end, and is asked for at its end.
 */
export interface TierRange {
  /** 0 is the finest. */
  readonly tier: number;
  readonly stepMillis: number;
  readonly first: number;
  /** Inclusive. It is before `first` if nothing is asked for. */
  readonly last: number;
}

/** A series may have ended, or its samples may have been taken, so long before now. */
const SLACK_MILLIS = 300_000;

/**
 * What has to be asked for, so that all tiers are as if the samples had been taken since their first
 * slot: one at each multiple of the finest step, up to `until`.
 *
 * The slots of a coarser tier are asked for up to where the samples of the finest tier begin. The
 * newer ones are made of these samples: the newest slot is still open, and must know how many it
 * has.
 *
 * @param since what is older than the slot of this time is known.
 */
export function tierRanges(
  resolutions: readonly Resolution[],
  until: number,
  since = Number.NEGATIVE_INFINITY,
): TierRange[] {
  const steps = resolutions.map(({ stepSeconds }) => stepSeconds * 1000);
  const [finest = 1, ...coarser] = steps;
  const lastSample = Math.floor(until / finest);
  const full = resolutions.map(
    ({ capacity }, tier) => Math.floor((until - SLACK_MILLIS) / (steps[tier] as number)) - capacity,
  );
  const samplesFrom = coarser.reduce(
    (from, step) => Math.min(from, Math.floor(from / step) * step),
    (full[0] as number) * finest,
  );
  return steps.map((stepMillis, tier) => {
    const known = Math.floor(since / stepMillis);
    const first = Math.ceil(samplesFrom / stepMillis);
    if (tier === 0) return { tier, stepMillis, first: Math.max(first, known), last: lastSample };
    return { tier, stepMillis, first: Math.max(full[tier] as number, known), last: first - 1 };
  });
}

/** The number of slots. */
export function slotsOf({ first, last }: TierRange): number {
  return Math.max(0, last - first + 1);
}

/** The time at which a slot is asked for, in epoch milliseconds. */
export function askedAt({ tier, stepMillis }: TierRange, slot: number): number {
  return (tier === 0 ? slot : slot + 1) * stepMillis;
}

/** The slot that a time of an answer belongs to; no whole number if it was not asked for. */
export function slotOf({ tier, stepMillis }: TierRange, at: number): number {
  const slot = at / stepMillis;
  return tier === 0 ? slot : slot - 1;
}

/** Cuts a range into parts of at most so many slots, the newest first. */
export function partsOf(range: TierRange, most: number): TierRange[] {
  const parts: TierRange[] = [];
  for (let last = range.last; last >= range.first; last -= most)
    parts.push({ ...range, first: Math.max(range.first, last - most + 1), last });
  return parts;
}

/** The older and the newer half of a range of several slots, the newer one first. */
export function halvesOf(range: TierRange): TierRange[] {
  return partsOf(range, Math.ceil(slotsOf(range) / 2));
}
