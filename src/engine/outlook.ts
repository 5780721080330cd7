import { timeToThreshold } from "../advice/time-to-threshold.ts";
import type { Threshold } from "../core/threshold.ts";
import { totalOfDayAt } from "./daily-outlook.ts";
import type { PredictedInterval } from "./publication/predicted-interval.ts";
import type { SeriesPlan } from "./series-plan.ts";
import type { TierModel } from "./tier-model.ts";

/** A forecast at one horizon as numbers; what follows from it is said when it is asked for. */
export interface Outlook extends PredictedInterval {
  readonly current: number;
  readonly model: TierModel;
  readonly timeToThresholdSeconds: number | undefined;
}

/** When a series is looked at, where it stands then, and what point in time is asked about. */
export interface Moment {
  readonly now: number;
  readonly current: number;
  readonly dueAt: number;
}

type Plan = Pick<SeriesPlan, "isDailyTotal" | "clock" | "bounds">;

/** What a model says of one point in time. */
export function intervalAt(
  model: TierModel,
  { isDailyTotal, clock, bounds }: Plan,
  moment: Moment,
): PredictedInterval {
  const { dueAt } = moment;
  const step = isDailyTotal
    ? totalOfDayAt(model, dueAt, { ...moment, clock, bounds })
    : model.predictAt(dueAt);
  return { predicted: step.mean, lower: step.lower80, upper: step.upper80 };
}

/** Seconds from now until the threshold is crossed on the way to the point in time. Only a threshold asks for the whole path. */
export function crossingAhead(
  model: TierModel,
  threshold: Threshold | undefined,
  { now, current, dueAt }: Moment,
): number | undefined {
  if (threshold === undefined) return undefined;
  const { mean } = model.predictUntil(dueAt);
  const ahead = { ...model.aheadOf(now, mean), stepSeconds: model.stepMillis / 1000 };
  return timeToThreshold({ current, ...ahead, threshold });
}
