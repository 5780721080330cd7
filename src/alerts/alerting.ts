import { createHash } from "node:crypto";
import type { Meter } from "@opentelemetry/api";
import { optionError } from "../core/option-error.ts";
import { seriesId } from "../core/series-key.ts";
import { log } from "../logging/component-logger.ts";
import type { ForecastProducer } from "../otel/forecast-producer.ts";
import type { ViewValue } from "../views/selection.ts";
import { ActionLog } from "./actions/action-log.ts";
import { ActionRunner } from "./actions/action-runner.ts";
import type { ActionClock } from "./actions/attempt.ts";
import { REPEAT_MILLIS } from "./actions/delivery/alertmanager.ts";
import type { Alert } from "./alert.ts";
import { AlertBook, type AlertListener, type AlertSource, type TrackedAlert } from "./alert-book.ts";
import { AlertPublication } from "./alert-publication.ts";
import { textFor } from "./alert-text.ts";
import type { ActionFunction } from "./entries.ts";
import { MaintenanceCalendar, type MaintenanceRequest } from "./maintenance-calendar.ts";
import type { ResolvedAction, ResolvedAlerting } from "./resolved.ts";
import type { AlertStanding, AlertState } from "./state/alert-state.ts";

/** Selects alerts. A key that is absent selects all. */
export interface AlertFilter {
  readonly name?: string;
  readonly agentName?: string;
  readonly metricName?: string;
  readonly state?: AlertState;
}

/**
 * Alerts and their actions: evaluates every series once a tick, keeps the states and runs actions.
 */
export class Alerting implements AlertListener {
  readonly #book: AlertBook;
  readonly #calendar: MaintenanceCalendar;
  readonly #windowMillis: number;
  readonly #publication: AlertPublication;
  readonly #runner: ActionRunner;
  readonly #clock: ActionClock;
  readonly #actions: readonly ResolvedAction[];
  readonly #functions = new Map<string, ActionFunction>();
  /** The time of the last run of an action for an alert that fires. */
  readonly #notifiedAt = new Map<string, number>();

  constructor(
    resolved: ResolvedAlerting,
    parts: { producer: ForecastProducer; meter: Meter; clock: ActionClock; windowMillis: number },
  ) {
    const log = new ActionLog(parts.meter, resolved.actions);
    this.#clock = parts.clock;
    this.#windowMillis = parts.windowMillis;
    this.#calendar = new MaintenanceCalendar(resolved.maintenance);
    this.#actions = resolved.actions;
    this.#publication = new AlertPublication(parts.producer);
    this.#book = new AlertBook(resolved.alerts, this);
    this.#runner = new ActionRunner({
      actionsPerHour: resolved.actionsPerHour,
      clock: parts.clock,
      functions: this.#functions,
      ended: (request, outcome, detail) => log.ended(request, outcome, detail),
    });
  }

  /**
   * Begins a maintenance. Returns a function that ends it.
   *
   * @throws TypeError that names what is wrong.
   */
  beginMaintenance(request: MaintenanceRequest): () => void {
    return this.#calendar.begin(request, this.#clock.now);
  }

  /**
   * The ids of the series that are under maintenance. A number over a window stays under
   * maintenance until its window no longer overlaps the maintenance.
   */
  underMaintenance(values: Iterable<ViewValue>, now: number): ReadonlySet<string> {
    this.#calendar.forgetBefore(now - this.#windowMillis);
    const ids = new Set<string>();
    if (this.#calendar.isEmpty) return ids;
    for (const { id, key, output } of values) {
      const lookback = output.spec.number === "level" ? 0 : this.#windowMillis;
      if (this.#calendar.covers(key, now - lookback, now)) ids.add(id);
    }
    return ids;
  }

  /**
   * Evaluates the alerts of every current series. A series that is not among `sources` has gone.
   * Alerts of series under maintenance are silent.
   */
  take(sources: Iterable<AlertSource>, now: number, underMaintenance: ReadonlySet<string>): void {
    this.#book.take(sources, now, (key) => underMaintenance.size > 0 && underMaintenance.has(seriesId(key)));
    if (this.#notifiedAt.size > 0) this.#repeat(now);
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

  /** @throws TypeError if the name is empty or `run` is not a function. */
  register(name: string, run: ActionFunction): void {
    if (typeof name !== "string" || name === "")
      throw optionError("the name of an action must be a text that is not empty");
    if (typeof run !== "function") throw optionError(`action "${name}" must be registered with a function`);
    this.#functions.set(name, run);
  }

  /** Logs the functions that actions need and that are not registered yet. */
  logMissingFunctions(): void {
    for (const { name, target } of this.#actions) {
      if (target.kind !== "function" || target.run !== undefined || this.#functions.has(target.name))
        continue;
      log.error(
        `action "${name}": no function "${target.name}" is registered; the action fails until registerAction("${target.name}", ...) is called`,
      );
    }
  }

  /** Aborts running actions and waits for their end. */
  stop(): Promise<void> {
    return this.#runner.stop();
  }

  changed(tracked: TrackedAlert, before: AlertStanding | undefined): void {
    this.#publication.put(tracked);
    if (tracked.standing.state === "firing") {
      for (const action of tracked.rule.actions) this.#fire(tracked, action, false);
    } else if (before?.state === "firing") {
      for (const action of tracked.rule.actions) this.#resolve(tracked, action);
    }
  }

  left(tracked: TrackedAlert): void {
    this.#publication.remove(tracked);
  }

  #fire(tracked: TrackedAlert, action: ResolvedAction, isRepeated: boolean): void {
    const { firedAt } = tracked.standing;
    this.#request(tracked, action, {
      isFree: isRepeated,
      isStillWanted: () => tracked.standing.state === "firing" && tracked.standing.firedAt === firedAt,
      begins: () => this.#notifiedAt.set(notificationKey(action, tracked), this.#clock.now()),
    });
  }

  #resolve(tracked: TrackedAlert, action: ResolvedAction): void {
    const key = notificationKey(action, tracked);
    if (!action.onResolved) {
      this.#notifiedAt.delete(key);
      return;
    }
    this.#request(tracked, action, {
      isFree: true,
      isStillWanted: () => this.#notifiedAt.has(key),
      begins: () => this.#notifiedAt.delete(key),
    });
  }

  /** Repeats notifications, because an Alertmanager resolves an alert that is not repeated. */
  #repeat(now: number): void {
    for (const tracked of this.#book) {
      if (tracked.standing.state !== "firing") continue;
      for (const action of tracked.rule.actions) {
        const last = this.#notifiedAt.get(notificationKey(action, tracked));
        if (action.target.kind !== "alertmanager" || last === undefined || now - last < REPEAT_MILLIS)
          continue;
        this.#notifiedAt.set(notificationKey(action, tracked), now);
        this.#fire(tracked, action, true);
      }
    }
  }

  #request(
    tracked: TrackedAlert,
    action: ResolvedAction,
    how: { isFree: boolean; isStillWanted: () => boolean; begins: () => void },
  ): void {
    const alert = tracked.describe();
    const { firedAt, state } = tracked.standing;
    const statement = [action.name, tracked.id, firedAt, state, how.isFree ? alert.at : ""].join("\u0000");
    this.#runner.run({
      action,
      alert,
      key: textFor(action.key, alert),
      idempotencyKey: createHash("sha256").update(statement).digest("hex").slice(0, 32),
      ...how,
    });
  }
}

function notificationKey(action: ResolvedAction, { id }: TrackedAlert): string {
  return `${action.name}\u0000${id}`;
}
