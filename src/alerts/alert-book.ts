import type { SeriesKey } from "../core/series-key.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import type { Alert } from "./alert.ts";
import { AwaitedAlerts } from "./awaited-alerts.ts";
import { KeptAlerts } from "./kept-alerts.ts";
import type { ResolvedAlert } from "./resolved.ts";
import type { SavedAlert } from "./saved-alerting.ts";
import { evidenceOf, standingStill } from "./state/alert-condition.ts";
import {
  type AlertStanding,
  hasEscalated,
  nextStanding,
  paused,
  shifted,
  silenced,
} from "./state/alert-state.ts";
import {
  type AlertSource,
  idOf,
  passedUntil,
  type Tracked,
  type TrackedAlert,
  track,
} from "./tracked-alert.ts";

/** Receives the changes of alerts. */
export interface AlertListener {
  /**
   * An alert is new (`before` is `undefined`), has changed its state, or fires and its level has
   * passed the threshold since.
   */
  changed(alert: TrackedAlert, before: AlertStanding | undefined): void;
  /** An alert is as an earlier process left it. */
  restored(alert: TrackedAlert): void;
  /** The series of an alert has gone. */
  left(alert: TrackedAlert): void;
}

/** How many series are evaluated between two looks at the clock: each may have to be forecast first. */
const SERIES_BETWEEN = 4;

/** Keeps the state of every rule on every series that it matches. */
export class AlertBook {
  readonly #rules: readonly ResolvedAlert[];
  readonly #listener: AlertListener;
  readonly #bySource = new Map<AlertSource, Tracked[]>();
  readonly #kept = new KeptAlerts();
  readonly #awaited = new AwaitedAlerts();

  #isWaiting = false;

  constructor(rules: readonly ResolvedAlert[], listener: AlertListener) {
    this.#rules = rules;
    this.#listener = listener;
  }

  /**
   * Evaluates the rules on every series. A series that is not among `sources` has gone. May pause at each
   * `yield`. A series that is removed in a pause is not evaluated.
   *
   * @param isUnderMaintenance whether a series is under maintenance. Its alerts are silenced.
   */
  *take(
    sources: Iterable<AlertSource>,
    now: number,
    isUnderMaintenance: (key: SeriesKey) => boolean,
  ): Steps<void> {
    if (this.#rules.length === 0) return;
    this.#isWaiting = false;
    const current = yield* setOf(sources);
    const pace = new Pace(SERIES_BETWEEN);
    for (const source of this.#bySource.keys()) {
      if (!current.has(source)) this.#remove(source, now);
      if (pace.isDue()) yield;
    }
    for (const source of current) {
      if (pace.isDue()) yield;
      if (source.isRemoved === true) continue;
      const isSilenced = isUnderMaintenance(source.plan.key);
      for (const tracked of this.#trackedOf(source, now)) this.#evaluate(tracked, now, isSilenced);
    }
    for (const tracked of this.#kept.takeEnded(now)) this.#end(tracked, now);
  }

  /** Whether an alert has waited for its next state since the last evaluation. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** The alerts that are not inactive, also those that were restored and not seen yet. */
  get saved(): SavedAlert[] {
    const all: SavedAlert[] = [...this.#awaited];
    for (const { id, standing, at } of this.#all())
      if (standing.state !== "inactive") all.push([id, standing, at]);
    return all;
  }

  /** Takes over the alerts that an earlier process saved. Alerts that have begun since stay. */
  restore(saved: readonly SavedAlert[], now: number): void {
    for (const alert of saved) this.#awaited.add(alert);
    for (const tracked of this.#all()) this.#restoreOne(tracked, now);
  }

  /** Forgets alerts, by their ids, as if they had never been. They do not end: another process goes on. */
  forget(isForgotten: (id: string) => boolean): void {
    for (const tracked of [...this.#all()]) if (isForgotten(tracked.id)) this.#listener.left(tracked);
    for (const [source, tracked] of this.#bySource)
      if (tracked.some(({ id }) => isForgotten(id))) this.#bySource.delete(source);
    for (const { id } of [...this.#kept]) if (isForgotten(id)) this.#kept.take(id);
    this.#awaited.forget(isForgotten);
  }

  *[Symbol.iterator](): Iterator<TrackedAlert> {
    yield* this.#all();
  }

  /** Moves the times of all alerts, after the clock was set. */
  shift(millis: number): void {
    for (const tracked of this.#all()) {
      tracked.standing = shifted(tracked.standing, millis);
      shiftSeen(tracked, millis);
      tracked.at += millis;
    }
    this.#awaited.shift(millis);
  }

  /** The process was paused for so long: no alert waited meanwhile. */
  pause(millis: number): void {
    for (const tracked of this.#all()) {
      tracked.standing = paused(tracked.standing, millis);
      shiftSeen(tracked, millis);
    }
    this.#awaited.pause(millis);
  }

  *#all(): Iterable<Tracked> {
    for (const tracked of this.#bySource.values()) yield* tracked;
    yield* this.#kept;
  }

  #trackedOf(source: AlertSource, now: number): Tracked[] {
    let tracked = this.#bySource.get(source);
    if (tracked === undefined) {
      const { key } = source.plan;
      tracked = this.#rules
        .filter((rule) => rule.matches(key.metric, key.labels))
        .map((rule) => this.#resumed(rule, source) ?? this.#begun(rule, source, now));
      this.#bySource.set(source, tracked);
    }
    return tracked;
  }

  #begun(rule: ResolvedAlert, source: AlertSource, now: number): Tracked {
    const tracked = track(rule, source, now);
    if (!this.#restoreOne(tracked, now)) this.#listener.changed(tracked, undefined);
    return tracked;
  }

  #restoreOne(tracked: Tracked, now: number): boolean {
    const standing = this.#awaited.take(tracked.id, now);
    const { state } = tracked.standing;
    if (standing === undefined || state === "firing" || state === "resolved") return false;
    tracked.standing = standing;
    this.#listener.restored(tracked);
    return true;
  }

  /** The alert that was kept, if its series has come back. */
  #resumed(rule: ResolvedAlert, source: AlertSource): Tracked | undefined {
    const tracked = this.#kept.take(idOf(rule, source));
    if (tracked !== undefined) tracked.source = source;
    return tracked;
  }

  #evaluate(tracked: Tracked, now: number, isSilenced: boolean): void {
    const { rule, source, usual, growth } = tracked;
    if (isSilenced) {
      this.#move(tracked, silenced(tracked.standing, now), "maintenance");
      return;
    }
    const reading = source.readingAt(rule.horizon);
    if (reading === undefined) return;
    const { isStandingStill = false } = reading;
    if (!isStandingStill) {
      const sample = { at: now, value: reading.current };
      usual.observe(sample);
      growth?.observe(sample);
    }
    tracked.at = now;
    tracked.reading = reading;
    const found = evidenceOf(rule.condition, {
      ...reading,
      usual: usual.value ?? reading.current,
      isGrowing: growth?.secondsToThreshold !== undefined,
    });
    const evidence = isStandingStill ? standingStill(found) : found;
    this.#move(tracked, nextStanding(tracked.standing, evidence, now, rule.timing), undefined);
    const { state, clearSince } = tracked.standing;
    if (state === "pending" || clearSince !== undefined) this.#isWaiting = true;
  }

  #remove(source: AlertSource, now: number): void {
    for (const tracked of this.#bySource.get(source) ?? []) {
      const until = passedUntil(tracked);
      if (until !== undefined && now < until) this.#kept.keep(tracked, until);
      else this.#end(tracked, now);
    }
    this.#bySource.delete(source);
  }

  #end(tracked: Tracked, now: number): void {
    this.#move(tracked, silenced(tracked.standing, now), "series_gone");
    this.#listener.left(tracked);
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

function* setOf(sources: Iterable<AlertSource>): Steps<ReadonlySet<AlertSource>> {
  const pace = new Pace();
  const set = new Set<AlertSource>();
  for (const source of sources) {
    set.add(source);
    if (pace.isDue()) yield;
  }
  return set;
}

function shiftSeen({ usual, growth }: Tracked, millis: number): void {
  usual.shift(millis);
  growth?.shift(millis);
}
