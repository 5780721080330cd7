import type { Meter } from "@opentelemetry/api";
import { type SeriesKey, seriesId } from "../core/series-key.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import type { ForecastProducer } from "../otel/forecast-producer.ts";
import type { ViewValue } from "../views/view-value.ts";
import type { ActionClock } from "./actions/attempt.ts";
import type { Alert } from "./alert.ts";
import { AlertBook, type AlertListener } from "./alert-book.ts";
import { AlertPublication } from "./alert-publication.ts";
import { logChange } from "./log-change.ts";
import { MaintenanceCalendar, type MaintenanceRequest } from "./maintenance-calendar.ts";
import { Notifications } from "./notifications.ts";
import type { ResolvedAlerting } from "./resolved.ts";
import { readSavedAlerting, type SavedAlerting } from "./saved-alerting.ts";
import type { AlertStanding, AlertState } from "./state/alert-state.ts";
import type { AlertSource, TrackedAlert } from "./tracked-alert.ts";

/** Selects alerts. A key that is absent selects all. */
export interface AlertFilter {
  readonly name?: string;
  readonly agentName?: string;
  readonly metricName?: string;
  readonly state?: AlertState;
}

/** Alerts on series: evaluates every series at each collection, keeps and publishes the states. */
export class Alerting implements AlertListener {
  /** Runs the actions of alerts. */
  readonly notifications: Notifications;
  readonly #book: AlertBook;
  readonly #calendar: MaintenanceCalendar;
  readonly #windowMillis: number;
  readonly #publication: AlertPublication;
  readonly #now: () => number;
  #changes = 0;

  constructor(
    resolved: ResolvedAlerting,
    parts: { producer: ForecastProducer; meter: Meter; clock: ActionClock; windowMillis: number },
  ) {
    this.#now = () => parts.clock.now();
    this.#windowMillis = parts.windowMillis;
    this.#calendar = new MaintenanceCalendar(resolved.maintenance);
    this.#publication = new AlertPublication(parts.producer);
    this.notifications = new Notifications(resolved, parts);
    this.#book = new AlertBook(resolved.alerts, this);
  }

  /**
   * Begins a maintenance. Returns a function that ends it.
   *
   * @throws TypeError that names what is wrong.
   */
  beginMaintenance(request: MaintenanceRequest): () => void {
    return this.#calendar.begin(request, this.#now);
  }

  /**
   * The ids of the series that are under maintenance. A number over a window stays under
   * maintenance until its window no longer overlaps the maintenance. May pause at each `yield`.
   *
   * @param sources all series, also those without a value now: what is maintained is often silent.
   */
  *underMaintenance(
    values: Iterable<ViewValue>,
    now: number,
    sources: Iterable<Pick<AlertSource, "plan">> = [],
  ): Steps<ReadonlySet<string>> {
    this.#calendar.forgetBefore(now - this.#windowMillis);
    const ids = new Set<string>();
    if (this.#calendar.isEmpty) return ids;
    const pace = new Pace();
    for (const { id, key, output } of values) {
      if (pace.isDue()) yield;
      const lookback = output.spec.number === "level" ? 0 : this.#windowMillis;
      if (this.#calendar.covers(key, now - lookback, now)) ids.add(id);
    }
    for (const { plan } of sources) {
      if (pace.isDue()) yield;
      if (this.#calendar.covers(plan.key, now, now)) ids.add(seriesId(plan.key));
    }
    return ids;
  }

  /**
   * Evaluates the alerts of every current series. A series that is not among `sources` has gone.
   * Alerts of series under maintenance are silent. May pause at each `yield`.
   */
  *take(sources: Iterable<AlertSource>, now: number, underMaintenance: ReadonlySet<string>): Steps<void> {
    const isSilenced = (key: SeriesKey): boolean =>
      underMaintenance.size > 0 && underMaintenance.has(seriesId(key));
    yield* this.#book.take(sources, now, isSilenced);
    if (this.#book.isWaiting) this.#changes += 1;
    this.notifications.repeat(this.#book, now);
  }

  /** Moves the times of alerts, actions and maintenance, after the clock was set. */
  shift(millis: number): void {
    this.#book.shift(millis);
    this.#calendar.shift(millis);
    this.notifications.shift(millis);
  }

  /** The process was paused for so long. */
  pause(millis: number): void {
    this.#book.pause(millis);
  }

  alerts(filter: AlertFilter): Alert[] {
    const asked: Alert[] = [];
    for (const tracked of this.#book) {
      const { metric, labels } = tracked.key;
      if (filter.name !== undefined && filter.name !== tracked.rule.name) continue;
      if (filter.agentName !== undefined && filter.agentName !== labels.agent) continue;
      if (filter.metricName !== undefined && filter.metricName !== metric) continue;
      if (filter.state !== undefined && filter.state !== tracked.standing.state) continue;
      asked.push(tracked.describe());
    }
    return asked;
  }

  /** Grows when what `save` gives has changed. */
  get changes(): number {
    return this.#changes + this.notifications.begun;
  }

  /** What must outlive the process, as plain data. */
  save(): SavedAlerting {
    return { alerts: this.#book.saved, ...this.notifications.saved };
  }

  /**
   * Takes over what an earlier process saved.
   *
   * @returns `false` if it is nothing that was saved. Then nothing is taken over.
   */
  restore(given: unknown): boolean {
    const now = this.#now();
    const saved = readSavedAlerting(given, now);
    if (saved === undefined) return false;
    this.#book.restore(saved.alerts, now);
    this.notifications.restore(saved.actions);
    return true;
  }

  /**
   * Forgets alerts without an end: another process goes on with their series.
   *
   * @param isForgotten by the id of an alert.
   */
  forget(isForgotten: (id: string) => boolean): void {
    this.#book.forget(isForgotten);
    this.notifications.forget(isForgotten);
  }

  restored(tracked: TrackedAlert): void {
    this.#publication.put(tracked);
  }

  changed(tracked: TrackedAlert, before: AlertStanding | undefined): void {
    this.#changes += 1;
    this.#publication.put(tracked);
    this.notifications.changed(tracked, before);
    logChange(tracked, before);
  }

  left(tracked: TrackedAlert): void {
    this.#publication.remove(tracked);
  }
}
