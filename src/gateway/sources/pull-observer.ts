import type { FailureReason } from "../../promql/api-error.ts";

/**
 * Why a point or an answer of a source is missing:
 * - `unreachable`, `timeout`, `too_long`, `refused`, `not_understood`, `stopped`: a query failed (see
 *   `ApiError`).
 * - `missed`: a query was not sent at a time, because the one before had not been answered, or the
 *   process did not run.
 * - `not_finite`, `histogram`, `duplicate`: points of an answer that were left out.
 */
export type PullFailure = FailureReason | "missed" | "not_finite" | "histogram" | "duplicate";

/** Counts what sources give. */
export interface PullObserver {
  received(points: number): void;
  failed(reason: PullFailure, count: number): void;
}
