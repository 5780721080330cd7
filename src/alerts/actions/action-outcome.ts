import type { Alert } from "../alert.ts";
import type { ResolvedAction } from "../resolved.ts";

/** A request of an alert to run an action. */
export interface ActionRequest {
  readonly action: ResolvedAction;
  readonly alert: Alert;
  /** Runs with the same key do not overlap. */
  readonly key: string;
  readonly idempotencyKey: string;
  /** Whether it is a repetition or an end of an earlier run, which costs nothing of the budget. */
  readonly isFree: boolean;
  /** Called when the run can begin, which may be later than the request. */
  isStillWanted(): boolean;
  /** Called when the run begins. */
  begins(): void;
}

/**
 * The outcomes of a run, the values of `forecast_action_runs_total{outcome}`:
 * - `observed`: not run, because the mode of the action is `observe`
 * - `succeeded`, `failed` (after its retries)
 * - `timed_out`: the last attempt reached its time limit
 * - `over_budget`: not run, because the maximum of actions in an hour was reached
 * - `superseded`: not run, because a later run with the same key replaced it while it waited
 * - `cancelled`: aborted, because the monitor was shut down
 */
export const OUTCOMES = [
  "observed",
  "succeeded",
  "failed",
  "timed_out",
  "over_budget",
  "superseded",
  "cancelled",
] as const;

/** One of `OUTCOMES`. */
export type ActionOutcome = (typeof OUTCOMES)[number];

/** Receives the outcome of every run. `detail` is the reason, or empty. */
export type OutcomeObserver = (request: ActionRequest, outcome: ActionOutcome, detail: string) => void;
