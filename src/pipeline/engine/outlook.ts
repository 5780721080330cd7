import type { Threshold } from "../../core/threshold.ts";
import { timeToThreshold } from "../../insight/time-to-threshold.ts";
import type { PredictedInterval } from "../series-publication.ts";
import type { TierModel } from "./tier-model.ts";

/** A forecast at one horizon as numbers; what follows from it is said when it is asked for. */
export interface Outlook extends PredictedInterval {
  readonly current: number;
  readonly model: TierModel;
  readonly timeToThresholdSeconds: number | undefined;
}

/** What a model says of one point in time. */
export function intervalAt(model: TierModel, dueAt: number): PredictedInterval {
  const { mean, lower80, upper80 } = model.predictAt(dueAt);
  return { predicted: mean, lower: lower80, upper: upper80 };
}

/** Seconds from `now` until the threshold is crossed on the way to `dueAt`; only a threshold asks for the whole path. */
export function crossingAhead(
  model: TierModel,
  threshold: Threshold | undefined,
  { now, dueAt, current }: { now: number; dueAt: number; current: number },
): number | undefined {
  if (threshold === undefined) return undefined;
  const { mean } = model.predictUntil(dueAt);
  const ahead = { ...model.aheadOf(now, mean), stepSeconds: model.stepMillis / 1000 };
  return timeToThreshold({ current, ...ahead, threshold });
}
