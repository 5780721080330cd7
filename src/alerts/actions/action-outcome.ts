import type { ActionRequest } from "./action-request.ts";

/**
 * What became of a run, the values of `forecast_action_runs_total{outcome}`:
 * - `observed`: would have been run, and the action only observes
 * - `succeeded`, `failed` (after its retries)
 * - `timed_out`: reached its time limit, in its last attempt
 * - `over_budget`: not run, the actions of this hour are used up
 * - `superseded`: not run, a later run of the same key took its place while another was under way
 * - `cancelled`: given up because the monitor was shut down
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

export type ActionOutcome = (typeof OUTCOMES)[number];

/** Told of every run what became of it; `detail` says why where there is something to say. */
export type OutcomeObserver = (request: ActionRequest, outcome: ActionOutcome, detail: string) => void;
