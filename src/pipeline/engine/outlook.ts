import type { PredictedPath } from "../../core/model.ts";
import type { PredictedInterval } from "../series-publication.ts";
import type { TierModel } from "./tier-model.ts";

/** A forecast at one horizon as numbers; what follows from it is said when it is asked for. */
export interface Outlook extends PredictedInterval {
  readonly current: number;
  readonly model: TierModel;
  readonly timeToThresholdSeconds: number | undefined;
}

/** What a path says of its last step. */
export function intervalAt({ mean, lower80, upper80 }: PredictedPath): PredictedInterval {
  const index = mean.length - 1;
  return {
    predicted: mean[index] as number,
    lower: lower80[index] as number,
    upper: upper80[index] as number,
  };
}
