import type { Horizon } from "../core/horizon.ts";
import { type SeriesKey, seriesId } from "../core/series-key.ts";
import type { Alert } from "./alert.ts";
import { alertOf, type SourceReading } from "./describe-alert.ts";
import type { ResolvedAlert } from "./resolved.ts";
import { signalOf } from "./state/alert-condition.ts";
import { type AlertStanding, inactiveSince, nextStanding, silenced } from "./state/alert-state.ts";
import { UsualLevel } from "./state/usual-level.ts";

/** A series as alerts see it. */
export interface AlertSource {
  readonly plan: { readonly key: SeriesKey; readonly unit: string };
  /** `undefined` before the first value. */
  readingAt(horizon: Horizon): SourceReading | undefined;
}

/** One rule on one series. */
export interface TrackedAlert {
  readonly rule: ResolvedAlert;
  readonly id: string;
  readonly key: SeriesKey;
  standing: AlertStanding;
  /** As it stands, in words and numbers. */
  describe(): Alert;
}

interface Tracked extends TrackedAlert {
  readonly source: AlertSource;
  readonly usual: UsualLevel;
  at: number;
  reading: SourceReading | undefined;
  reason: Alert["reason"];
}

/** Told of what changes. */
export interface AlertListener {
  /** An alert is known from now on, or is in another state. */
  changed(alert: TrackedAlert, before: AlertStanding | undefined): void;
  /** The series of an alert has gone. */
  left(alert: TrackedAlert): void;
}

/** Keeps the standing of every alert rule on every series that it matches. */
export class AlertBook {
  readonly #rules: readonly ResolvedAlert[];
  readonly #listener: AlertListener;
  readonly #bySource = new Map<AlertSource, Tracked[]>();

  constructor(rules: readonly ResolvedAlert[], listener: AlertListener) {
    this.#rules = rules;
    this.#listener = listener;
  }

  /** Looks at every series; `isSilent` tells of those that are being worked on. Those not among `sources` have gone. */
  take(sources: Iterable<AlertSource>, now: number, isSilent: (key: SeriesKey) => boolean): void {
    if (this.#rules.length === 0) return;
    const gone = new Set(this.#bySource.keys());
    for (const source of sources) {
      gone.delete(source);
      const isQuiet = isSilent(source.plan.key);
      for (const tracked of this.#trackedOf(source, now)) this.#look(tracked, now, isQuiet);
    }
    for (const source of gone) this.#leave(source, now);
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

  #look(tracked: Tracked, now: number, isQuiet: boolean): void {
    const { rule, source, usual } = tracked;
    if (isQuiet) {
      this.#move(tracked, silenced(tracked.standing, now), "maintenance");
      return;
    }
    const reading = source.readingAt(rule.horizon);
    if (reading === undefined) return;
    usual.observe({ at: now, value: reading.current });
    tracked.at = now;
    tracked.reading = reading;
    const signal = signalOf(rule.condition, { ...reading, usual: usual.value ?? reading.current });
    this.#move(tracked, nextStanding(tracked.standing, signal, now, rule.timing), undefined);
  }

  #leave(source: AlertSource, now: number): void {
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
    if (standing.state === before.state) return;
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
