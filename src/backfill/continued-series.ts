import type { Sample } from "../core/sample.ts";
import type { SeriesSnapshot, TierSnapshot } from "../series/series-snapshot.ts";
import { Tier } from "../series/tier.ts";
import type { AskedTier, ValuesOfTiers } from "./past-of-series.ts";

/** What was answered of the time after a series that is stored. */
export interface AnsweredSince {
  readonly tiers: readonly AskedTier[];
  readonly values: ValuesOfTiers;
  /** Samples from this time on are left out. */
  readonly before: number;
}

/**
 * A series that is stored, as if it had been sampled on: at the same time after each multiple of the
 * step as its newest sample.
 *
 * @returns `undefined` if nothing was answered.
 */
export function continuedSeries(kept: SeriesSnapshot, answered: AnsweredSince): SeriesSnapshot | undefined {
  const newestAt = Math.max(...kept.tiers.map(({ open }) => open?.at ?? Number.NEGATIVE_INFINITY));
  const samples = samplesAfter(newestAt, answered);
  if (samples.length === 0) return undefined;
  return {
    tiers: answered.tiers.map((asked, tier) => {
      const saved = kept.tiers.find(({ stepSeconds }) => stepSeconds === asked.resolution.stepSeconds);
      const whole = tier === 0 ? [] : wholeSlotsFrom(newestAt, asked, answered.values[tier]);
      const end = tier === 0 ? newestAt : (asked.range.last + 1) * asked.range.stepMillis;
      const others = samples.filter(({ at }) => at >= end);
      return continuedTier(asked, { saved, whole, others, newestAt, isFinest: tier === 0 });
    }),
  };
}

/** The samples of the finest tier, half a step from those that were taken at least. */
function samplesAfter(newestAt: number, { tiers, values, before }: AnsweredSince): Sample[] {
  const [{ range, answeredFrom }] = tiers as [AskedTier];
  const { stepMillis, first, last } = range;
  const phase = newestAt - Math.floor(newestAt / stepMillis) * stepMillis;
  const samples: Sample[] = [];
  for (let slot = answeredFrom; slot <= last; slot++) {
    const value = values[0]?.[slot - first] ?? Number.NaN;
    const at = slot * stepMillis + phase;
    const isNew = at > newestAt + stepMillis / 2 && at < before - stepMillis / 2;
    if (isNew && !Number.isNaN(value)) samples.push({ at, value });
  }
  return samples;
}

/** The slots of a coarser tier from the one on that a time lies in, each as a sample in its middle. */
function wholeSlotsFrom(
  time: number,
  { range, answeredFrom }: AskedTier,
  values: Float64Array | undefined,
): Sample[] {
  const { stepMillis, first, last } = range;
  const slots: Sample[] = [];
  for (let slot = Math.max(answeredFrom, Math.floor(time / stepMillis)); slot <= last; slot++) {
    const value = values?.[slot - first] ?? Number.NaN;
    if (!Number.isNaN(value)) slots.push({ at: (slot + 0.5) * stepMillis, value });
  }
  return slots;
}

function continuedTier(
  { resolution }: AskedTier,
  parts: {
    readonly saved: TierSnapshot | undefined;
    readonly whole: readonly Sample[];
    readonly others: readonly Sample[];
    readonly newestAt: number;
    readonly isFinest: boolean;
  },
): TierSnapshot {
  const { saved, whole, others, newestAt, isFinest } = parts;
  const tier = new Tier(resolution, "mean", isFinest);
  if (saved !== undefined) {
    const { open: _, ...closed } = saved;
    const stepMillis = resolution.stepSeconds * 1000;
    const slotOf = (at: number): number => Math.floor(at / stepMillis);
    const [first] = whole;
    // What is known of the open slot is a part of what was answered for it as a whole.
    const isAnswered = first !== undefined && slotOf(first.at) === slotOf(newestAt);
    tier.restore(isAnswered ? closed : saved, Number.POSITIVE_INFINITY);
  }
  for (const sample of whole) tier.append(sample);
  for (const sample of others) tier.append(sample);
  return tier.snapshot();
}
