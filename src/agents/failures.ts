import type { DropReason } from "../core/drop-reason.ts";
import type { OpenFailure } from "./performance.ts";
import { RecentIds } from "./recent-ids.ts";
import type { SharedRoom } from "./shared-room.ts";

/** The open failures of one agent, and the ids of recent failures that were recovered. */
export class Failures {
  readonly #maxOpen: number;
  readonly #room: SharedRoom;
  /** Allocated by the first failure: most agents never fail. */
  #open: Map<string, { failureType: string; since: number; failedRecoveries: number }> | undefined;
  /** Recovered ids: a second recovery of a failure differs from one of an unknown failure. */
  readonly #recovered: RecentIds;

  constructor(options: { maxOpen: number; remembered: number; room: SharedRoom }) {
    this.#maxOpen = options.maxOpen;
    this.#room = options.room;
    this.#recovered = new RecentIds(options.remembered);
  }

  /** Gives back the room that all agents share. */
  leave(): void {
    this.#room.giveBack(this.openCount, 0);
  }

  get openCount(): number {
    return this.#open?.size ?? 0;
  }

  open(failureId: string, failureType: string, now: number): DropReason | undefined {
    this.#open ??= new Map();
    if (this.#open.has(failureId) || this.#recovered.has(failureId)) return "duplicate_failure";
    if (this.#open.size >= this.#maxOpen || !this.#room.take(this.#open.size)) return "max_open_failures";
    this.#open.set(failureId, { failureType, since: now, failedRecoveries: 0 });
    return undefined;
  }

  /** Closes a failure. Returns the failure, or the reason if it is not open. */
  recover(failureId: string): { failureType: string; since: number } | DropReason {
    const failure = this.#open?.get(failureId);
    if (failure === undefined)
      return this.#recovered.has(failureId) ? "already_recovered" : "unknown_failure";
    this.#open?.delete(failureId);
    this.#room.giveBack(this.openCount + 1, this.openCount);
    this.#recovered.add(failureId);
    return failure;
  }

  /** Counts a recovery that did not succeed. The failure stays open. */
  recoveryFailed(failureId: string): DropReason | undefined {
    const failure = this.#open?.get(failureId);
    if (failure === undefined)
      return this.#recovered.has(failureId) ? "already_recovered" : "unknown_failure";
    failure.failedRecoveries += 1;
    return undefined;
  }

  list(): OpenFailure[] {
    return Array.from(this.#open ?? [], ([failureId, failure]) => ({ failureId, ...failure }));
  }
}
