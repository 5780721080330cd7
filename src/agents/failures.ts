import type { DropReason } from "../core/drop-reason.ts";
import type { OpenFailure } from "./performance.ts";
import { RecentIds } from "./recent-ids.ts";

/** Failures of one agent that wait for their recovery, and the ids of those that have had it. */
export class Failures {
  readonly #maxOpen: number;
  readonly #open = new Map<string, { failureType: string; since: number; failedRecoveries: number }>();
  /** Ids that were recovered, so that a second recovery is told from one of an unknown failure. */
  readonly #recovered: RecentIds;

  constructor({ maxOpen, remembered }: { maxOpen: number; remembered: number }) {
    this.#maxOpen = maxOpen;
    this.#recovered = new RecentIds(remembered);
  }

  get openCount(): number {
    return this.#open.size;
  }

  open(failureId: string, failureType: string, now: number): DropReason | undefined {
    if (this.#open.has(failureId) || this.#recovered.has(failureId)) return "duplicate_failure";
    if (this.#open.size >= this.#maxOpen) return "max_open_failures";
    this.#open.set(failureId, { failureType, since: now, failedRecoveries: 0 });
    return undefined;
  }

  /** Closes a failure. Gives what it was, or the reason why there is nothing to close. */
  recover(failureId: string): { failureType: string; since: number } | DropReason {
    const failure = this.#open.get(failureId);
    if (failure === undefined)
      return this.#recovered.has(failureId) ? "already_recovered" : "unknown_failure";
    this.#open.delete(failureId);
    this.#recovered.add(failureId);
    return failure;
  }

  /** Counts an attempt to recover that did not succeed; the failure stays open. */
  recoveryFailed(failureId: string): DropReason | undefined {
    const failure = this.#open.get(failureId);
    if (failure === undefined)
      return this.#recovered.has(failureId) ? "already_recovered" : "unknown_failure";
    failure.failedRecoveries += 1;
    return undefined;
  }

  list(): OpenFailure[] {
    return [...this.#open].map(([failureId, failure]) => ({ failureId, ...failure }));
  }
}
