import { kindOfError } from "../../core/error-type.ts";
import { log } from "../../logging/component-logger.ts";
import type { ActionFunction } from "../entries.ts";
import { ActionBudget } from "./action-budget.ts";
import type { ActionRequest, OutcomeObserver } from "./action-outcome.ts";
import { type ActionClock, type AttemptResult, attempt, retryDelay } from "./attempt.ts";
import { deliver } from "./delivery/deliver.ts";
import { DeliveryError } from "./delivery/post-json.ts";

/** The times of the actions and retries of the last hour, in epoch milliseconds. */
export interface SpentBudgets {
  readonly actions: readonly number[];
  readonly retries: readonly number[];
}

interface Lane {
  waiting: ActionRequest | undefined;
}

const RETRY_PACE = { firstMillis: 1000, longestMillis: 60_000 };

/**
 * Runs actions within a budget, one at a time for each key. Each attempt has a time limit; failed
 * attempts are retried with backoff. Failures never reach the caller.
 *
 * If a function continues after its time limit although its signal was aborted, it keeps its key
 * until it ends. So two runs with the same key never overlap.
 */
export class ActionRunner {
  readonly #budget: ActionBudget;
  readonly #retryBudget: ActionBudget;
  readonly #clock: ActionClock;
  readonly #functions: ReadonlyMap<string, ActionFunction>;
  readonly #ended: OutcomeObserver;
  readonly #lanes = new Map<string, Lane>();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #begun = 0;

  constructor(parts: {
    actionsPerHour: number;
    clock: ActionClock;
    functions: ReadonlyMap<string, ActionFunction>;
    ended: OutcomeObserver;
  }) {
    this.#budget = new ActionBudget(parts.actionsPerHour);
    this.#retryBudget = new ActionBudget(parts.actionsPerHour);
    this.#clock = parts.clock;
    this.#functions = parts.functions;
    this.#ended = parts.ended;
  }

  /**
   * Runs the action now, or after the current run with the same key. Of several waiting runs, only
   * the last is run.
   */
  run(request: ActionRequest): void {
    if (this.#stop.signal.aborted) return;
    if (!request.action.acts) {
      this.#ended(request, "observed", "");
      return;
    }
    const lane = this.#lanes.get(laneOf(request));
    if (lane === undefined) {
      this.#begin(request);
      return;
    }
    if (lane.waiting !== undefined) this.#ended(lane.waiting, "superseded", "");
    lane.waiting = request;
  }

  /** Moves the times of past runs, after the clock was set. */
  shift(millis: number): void {
    this.#budget.shift(millis);
    this.#retryBudget.shift(millis);
  }

  /** The number of runs and retries so far. */
  get begun(): number {
    return this.#begun;
  }

  /** What counts toward the maximum of actions and of retries, to be restored after a restart. */
  get spent(): SpentBudgets {
    return { actions: this.#budget.taken, retries: this.#retryBudget.taken };
  }

  restore({ actions, retries }: SpentBudgets): void {
    this.#budget.restore(actions, this.#clock.now());
    this.#retryBudget.restore(retries, this.#clock.now());
  }

  /** Aborts all runs and waits for their outcomes. */
  async stop(): Promise<void> {
    this.#stop.abort(new DOMException("the monitor is shut down", "AbortError"));
    await Promise.all(this.#running);
  }

  #begin(request: ActionRequest): void {
    if (!request.isStillWanted()) return;
    if (!request.isFree && !this.#budget.take(this.#clock.now())) {
      this.#ended(request, "over_budget", "the maximum of actions in an hour is reached");
      return;
    }
    this.#begun += 1;
    request.begins();
    const id = laneOf(request);
    const lane: Lane = { waiting: undefined };
    this.#lanes.set(id, lane);
    const release = (): void => {
      this.#lanes.delete(id);
      if (lane.waiting !== undefined && !this.#stop.signal.aborted) this.#begin(lane.waiting);
    };
    const run = this.#carryOut(request).then((result) => {
      this.#running.delete(run);
      const hung = result.kind === "timed_out" ? result.hung : undefined;
      if (hung === undefined) release();
      else void hung.then(release);
    });
    this.#running.add(run);
  }

  /** Attempts the action until it succeeds or must not be retried. Returns the last result. */
  async #carryOut(request: ActionRequest): Promise<AttemptResult> {
    const { action } = request;
    for (let number = 1; ; number += 1) {
      const result = await this.#attempt(request, number);
      const mayRetry = number <= action.retries && isWorthRetrying(result);
      if (!mayRetry || !this.#retryBudget.take(this.#clock.now())) {
        if (result.kind === "failed") log.debug(`action "${action.name}" failed`, result.error);
        this.#ended(request, result.kind, detailOf(result));
        return result;
      }
      this.#begun += 1;
      const delay = retryDelay(number - 1, RETRY_PACE, this.#clock.random()) + askedDelay(result);
      await this.#clock.wait(Math.min(delay, RETRY_PACE.longestMillis), this.#stop.signal);
    }
  }

  #attempt({ action, alert, idempotencyKey }: ActionRequest, number: number): Promise<AttemptResult> {
    const context = { now: this.#clock.now(), functions: this.#functions };
    return attempt(
      (signal) => deliver(action, alert, { signal, idempotencyKey, attempt: number }, context),
      action.timeoutMillis,
      this.#stop.signal,
      this.#clock,
    );
  }
}

function laneOf({ action, key }: ActionRequest): string {
  return `${action.name}\u0000${key}`;
}

function isWorthRetrying(result: AttemptResult): boolean {
  if (result.kind === "timed_out") return result.hung === undefined;
  return result.kind === "failed" && !(result.error instanceof DeliveryError && !result.error.mayRetry);
}

/** The wait that the receiver asked for. */
function askedDelay(result: AttemptResult): number {
  const error = result.kind === "failed" ? result.error : undefined;
  return error instanceof DeliveryError ? error.retryAfterMillis : 0;
}

function detailOf(result: AttemptResult): string {
  if (result.kind === "timed_out") return "it exceeded its time limit";
  if (result.kind !== "failed") return "";
  const { error } = result;
  return error instanceof DeliveryError ? error.message : kindOfError(error);
}
