import { createHash } from "node:crypto";
import type { Meter } from "@opentelemetry/api";
import { optionError } from "../core/option-error.ts";
import { log } from "../logging/component-logger.ts";
import { ActionLog } from "./actions/action-log.ts";
import { ActionRunner, type SpentBudgets } from "./actions/action-runner.ts";
import type { ActionClock } from "./actions/attempt.ts";
import { REPEAT_MILLIS } from "./actions/delivery/alertmanager.ts";
import { textFor } from "./alert-text.ts";
import type { ActionFunction } from "./entries.ts";
import type { ResolvedAction, ResolvedAlerting } from "./resolved.ts";
import type { AlertStanding } from "./state/alert-state.ts";
import type { TrackedAlert } from "./tracked-alert.ts";

/** The part of notifications that outlives the process, as plain data. */
export interface SavedActions extends SpentBudgets {
  /** The time of the last run of each action for each alert that fires. */
  readonly notified: readonly (readonly [key: string, at: number])[];
}

/** Runs the actions of alerts that begin to fire, become worse, still fire or end. */
export class Notifications {
  readonly #runner: ActionRunner;
  readonly #clock: ActionClock;
  readonly #actions: readonly ResolvedAction[];
  readonly #functions = new Map<string, ActionFunction>();
  /** The time of the last run of an action for an alert that fires. */
  readonly #notifiedAt = new Map<string, number>();

  constructor(
    { actions, actionsPerHour }: ResolvedAlerting,
    { meter, clock }: { readonly meter: Meter; readonly clock: ActionClock },
  ) {
    const actionLog = new ActionLog(meter, actions);
    this.#clock = clock;
    this.#actions = actions;
    this.#runner = new ActionRunner({
      actionsPerHour,
      clock,
      functions: this.#functions,
      ended: (request, outcome, detail) => actionLog.ended(request, outcome, detail),
    });
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

  /** Moves the times of past runs, after the clock was set. */
  shift(millis: number): void {
    for (const [key, at] of this.#notifiedAt) this.#notifiedAt.set(key, at + millis);
    this.#runner.shift(millis);
  }

  /** The number of runs and retries so far. */
  get begun(): number {
    return this.#runner.begun;
  }

  /** What must be known after a restart, so that no action runs twice or more often than allowed. */
  get saved(): SavedActions {
    return { ...this.#runner.spent, notified: [...this.#notifiedAt] };
  }

  /** Takes over what an earlier process saved. */
  restore({ notified, ...spent }: SavedActions): void {
    this.#runner.restore(spent);
    for (const [key, at] of notified) if (!this.#notifiedAt.has(key)) this.#notifiedAt.set(key, at);
  }

  /** Forgets that actions ran for alerts, by the ids of the alerts. */
  forget(isForgotten: (alert: string) => boolean): void {
    for (const key of this.#notifiedAt.keys())
      if (isForgotten(alertOfNotification(key))) this.#notifiedAt.delete(key);
  }

  /** Aborts running actions and waits for their end. */
  stop(): Promise<void> {
    return this.#runner.stop();
  }

  /** Runs the actions of an alert that has begun to fire, has become worse or has ended. */
  changed(tracked: TrackedAlert, before: AlertStanding | undefined): void {
    if (tracked.standing.state === "firing") {
      const isEscalation = before?.state === "firing";
      for (const action of tracked.rule.actions) {
        if (!isEscalation) this.#fire(tracked, action, false);
        else if (action.onPassed) this.#escalate(tracked, action);
      }
    } else if (before?.state === "firing") {
      for (const action of tracked.rule.actions) this.#resolve(tracked, action);
    }
  }

  /** Repeats notifications, because an Alertmanager resolves an alert that is not repeated. */
  repeat(alerts: Iterable<TrackedAlert>, now: number): void {
    if (this.#notifiedAt.size === 0) return;
    for (const tracked of alerts) {
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

  #fire(tracked: TrackedAlert, action: ResolvedAction, isRepeated: boolean): void {
    const { firedAt } = tracked.standing;
    this.#request(tracked, action, {
      isFree: isRepeated,
      isStillWanted: () => tracked.standing.state === "firing" && tracked.standing.firedAt === firedAt,
      begins: () => this.#notifiedAt.set(notificationKey(action, tracked), this.#clock.now()),
    });
  }

  /** Runs an action again because the level has passed the threshold, and is still past it. */
  #escalate(tracked: TrackedAlert, action: ResolvedAction): void {
    const { firedAt } = tracked.standing;
    const key = notificationKey(action, tracked);
    this.#request(tracked, action, {
      // An Alertmanager that has the alert receives it every minute in any case.
      isFree: action.target.kind === "alertmanager" && this.#notifiedAt.has(key),
      isStillWanted: () => {
        const { state, firedAt: latest, crossing } = tracked.standing;
        return state === "firing" && latest === firedAt && crossing?.since !== undefined;
      },
      begins: () => this.#notifiedAt.set(key, this.#clock.now()),
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

  #request(
    tracked: TrackedAlert,
    action: ResolvedAction,
    how: { isFree: boolean; isStillWanted: () => boolean; begins: () => void },
  ): void {
    const alert = tracked.describe();
    const { firedAt, state, crossing } = tracked.standing;
    const repeatedAt = how.isFree ? alert.at : "";
    const statement = [action.name, tracked.id, firedAt, crossing?.at, state, repeatedAt].join("\u0000");
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

/** The id of the alert of a key in `SavedActions.notified`. */
export function alertOfNotification(key: string): string {
  return key.slice(key.indexOf("\u0000") + 1);
}
