import { optionError } from "../core/option-error.ts";
import type { SeriesKey } from "../core/series-key.ts";
import type { ResolvedMaintenance } from "./resolved.ts";
import { type SeriesTest, seriesTest } from "./series-test.ts";
import { touches } from "./state/maintenance-range.ts";

/** A maintenance that begins now. Names may be patterns; an absent name selects all series. */
export interface MaintenanceRequest {
  /** Default: until the maintenance is ended. */
  readonly durationMillis?: number;
  readonly agentName?: string;
  readonly metricName?: string;
}

interface Called extends SeriesTest {
  from: number;
  to: number;
}

/** The maintenance of series, from the configuration and from calls. */
export class MaintenanceCalendar {
  readonly #planned: readonly ResolvedMaintenance[];
  #called: Called[] = [];

  constructor(planned: readonly ResolvedMaintenance[]) {
    this.#planned = planned;
  }

  /** Whether there is no maintenance at all. */
  get isEmpty(): boolean {
    return this.#planned.length === 0 && this.#called.length === 0;
  }

  /**
   * Begins a maintenance. Returns a function that ends it.
   *
   * @throws TypeError that names what is wrong.
   */
  begin(request: MaintenanceRequest, now: () => number): () => void {
    const { durationMillis = Number.POSITIVE_INFINITY, agentName, metricName } = request;
    if (!(durationMillis > 0)) throw optionError("durationMillis must be a number above 0");
    const called: Called = {
      ...seriesTest(
        metricName === undefined ? undefined : [metricName],
        agentName === undefined ? undefined : [agentName],
      ),
      from: now(),
      to: now() + durationMillis,
    };
    this.#called.push(called);
    return () => {
      called.to = Math.min(called.to, now());
    };
  }

  /** Whether a series is under maintenance at any moment from `since` to `now`. */
  covers({ metric, labels }: SeriesKey, since: number, now: number): boolean {
    return (
      this.#planned.some((it) => touches(it.range, since, now) && it.matches(metric, labels)) ||
      this.#called.some((it) => it.from <= now && since < it.to && it.matches(metric, labels))
    );
  }

  /** Moves maintenance from calls, after the clock was set. Planned ranges stay: they are of the day. */
  shift(millis: number): void {
    for (const called of this.#called) {
      called.from += millis;
      called.to += millis;
    }
  }

  /** Forgets maintenance from calls that ended before `since`. */
  forgetBefore(since: number): void {
    if (this.#called.length > 0) this.#called = this.#called.filter(({ to }) => to > since);
  }
}
