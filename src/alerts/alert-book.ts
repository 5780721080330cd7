import type { Horizon } from "../core/horizon.ts";
import { type SeriesKey, seriesId } from "../core/series-key.ts";
import type { Alert } from "./alert.ts";
import { alertOf, type SourceReading } from "./describe-alert.ts";
import type { ResolvedAlert } from "./resolved.ts";
import { evidenceOf } from "./state/alert-condition.ts";
import {
  type AlertStanding,
  hasEscalated,
  inactiveSince,
  nextStanding,
  silenced,
} from "./state/alert-state.ts";
import { UsualLevel } from "./state/usual-level.ts";

/** A series that alerts watch. */
export interface AlertSource {
  readonly plan: { readonly key: SeriesKey; readonly unit: string };
  /** The reading at a horizon; `undefined` before the first value. */
  readingAt(horizon: Horizon): SourceReading | undefined;
}

/** An alert: one rule on one series. */
export interface TrackedAlert {
  readonly rule: ResolvedAlert;
  readonly id: string;
  readonly key: SeriesKey;
  standing: AlertStanding;
  /** The current state as plain data, with its texts. */
  describe(): Alert;
}

interface Tracked extends TrackedAlert {
  readonly source: AlertSource;
  readonly usual: UsualLevel;
  at: number;
  reading: SourceReading | undefined;
  reason: Alert["reason"];
}

/** Receives the changes of alerts. */
export interface AlertListener {
  /**
   * An alert is new (`before` is `undefined`), has changed its state, or fires and its level has
   * passed the threshold since.
   */
  changed(alert: TrackedAlert, before: AlertStanding | undefined): void;
  /** The series of an alert has gone. */
  left(alert: TrackedAlert): void;
}

/** Keeps the state of every rule on every series that it matches. */
export class AlertBook {
  readonly #rules: readonly ResolvedAlert[];
  readonly #listener: AlertListener;
  readonly #bySource = new Map<AlertSource, Tracked[]>();

  constructor(rules: readonly ResolvedAlert[], listener: AlertListener) {
    this.#rules = rules;
    this.#listener = listener;
  }

  /**
   * Evaluates the rules on every series. A series that is not among `sources` has gone.
   *
   * @param isUnderMaintenance whether a series is under maintenance. Its alerts are silenced.
   */
  take(sources: Iterable<AlertSource>, now: number, isUnderMaintenance: (key: SeriesKey) => boolean): void {
    if (this.#rules.length === 0) return;
    const gone = new Set(this.#bySource.keys());
    for (const source of sources) {
      gone.delete(source);
      const isSilenced = isUnderMaintenance(source.plan.key);
      for (const tracked of this.#trackedOf(source, now)) this.#evaluate(tracked, now, isSilenced);
    }
    for (const source of gone) this.#remove(source, now);
  }

  *[Symbol.iterator](): Iterator<TrackedAlert> {
    for (const tracked of this.#bySource.values()) yield* tracked;
  }

  #trackedOf(source: AlertSource, now: number): Tracked[] {
    let tracked = this.#bySource.get(source);
    if (tracked === undefined) {
      const { key } = source.plan;
      tracked = this.#rules
        .filter((rule) => rule.matches(key.metric, key.labels))
        .map((rule) => track(rule, source, now));
      this.#bySource.set(source, tracked);
      for (const each of tracked) this.#listener.changed(each, undefined);
    }
    return tracked;
  }

  #evaluate(tracked: Tracked, now: number, isSilenced: boolean): void {
    const { rule, source, usual } = tracked;
    if (isSilenced) {
      this.#move(tracked, silenced(tracked.standing, now), "maintenance");
      return;
    }
    const reading = source.readingAt(rule.horizon);
    if (reading === undefined) return;
    usual.observe({ at: now, value: reading.current });
    tracked.at = now;
    tracked.reading = reading;
    const evidence = evidenceOf(rule.condition, { ...reading, usual: usual.value ?? reading.current });
    this.#move(tracked, nextStanding(tracked.standing, evidence, now, rule.timing), undefined);
  }

  #remove(source: AlertSource, now: number): void {
    for (const tracked of this.#bySource.get(source) ?? []) {
      this.#move(tracked, silenced(tracked.standing, now), "series_gone");
      this.#listener.left(tracked);
    }
    this.#bySource.delete(source);
  }

  #move(tracked: Tracked, standing: AlertStanding, reason: Alert["reason"]): void {
    const before = tracked.standing;
    if (standing === before) return;
    tracked.standing = standing;
    if (standing.state === before.state && !hasEscalated(before, standing)) return;
    tracked.reason = reason;
    this.#listener.changed(tracked, before);
  }
}

function track(rule: ResolvedAlert, source: AlertSource, now: number): Tracked {
  const { key } = source.plan;
  const tracked: Tracked = {
    rule,
    source,
    key,
    id: `${seriesId(key)}\u0002alert ${rule.name}`,
    usual: new UsualLevel(rule.horizon.seconds * 1000),
    standing: inactiveSince(now),
    at: now,
    reading: source.readingAt(rule.horizon),
    reason: undefined,
    describe: () => alertOf(tracked, source.plan),
  };
  return tracked;
}
