import { log } from "../../logging/component-logger.ts";
import { LogOnce } from "../../logging/log-once.ts";
import type { DroppedReason } from "./stream.ts";

/** What is wrong when points are left out. Of other reasons nothing is, or another line says it. */
const FAULTS: Partial<Record<DroppedReason, string>> = {
  too_far_ahead: "a point is more than ten minutes in the future",
  negative: "a counter or a histogram has a negative number",
  wrong_kind: "one name is sent as a number and as a histogram",
  other_buckets: "a cumulative histogram has other buckets than before, and no new start",
  too_many_streams: "there are more streams than limits.streams",
  too_many_points: "a histogram comes more often than is kept until its next collection",
};

/** Logs the first point that is left out for each fault. */
export class DropLog {
  readonly #logged = new LogOnce();

  dropped(reason: DroppedReason): void {
    const fault = FAULTS[reason];
    if (fault === undefined) return;
    this.#logged.log(reason, () =>
      log.warn(`left out points (${reason}): ${fault}. Later ones are only counted.`),
    );
  }
}
