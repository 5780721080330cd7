import type { TraceMoment } from "../core/exemplar.ts";
import type { RecordedLabels } from "./recorded-labels.ts";

/**
 * Limits how much all agents have together, beyond what each has in any case. Otherwise very many
 * agents with much each would take memory without bound.
 */
export class SharedRoom {
  readonly #own: number;
  #free: number;

  /**
   * @param own what each agent has in any case.
   * @param shared what all have beyond that, together.
   */
  constructor(own: number, shared: number) {
    this.#own = own;
    this.#free = shared;
  }

  /**
   * Takes room for one more of an agent. Returns false when there is none.
   *
   * @param had how many the agent has already.
   */
  take(had: number): boolean {
    if (had < this.#own) return true;
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  /** Gives back the room of an agent that had `had` of them, and has `left` now. */
  giveBack(had: number, left: number): void {
    this.#free += Math.max(had, this.#own) - Math.max(left, this.#own);
  }
}

/** The rooms of what agents have. */
export interface AgentRooms {
  readonly openTasks: SharedRoom;
  readonly openFailures: SharedRoom;
  readonly taskTypes: SharedRoom;
  readonly resources: SharedRoom;
}

export function newRooms(): AgentRooms {
  return {
    openTasks: new SharedRoom(10, 100_000),
    openFailures: new SharedRoom(10, 100_000),
    // As many as have labels of their own.
    taskTypes: new SharedRoom(4, 2000),
    resources: new SharedRoom(4, 10_000),
  };
}

/** What agents have in common. */
export interface AgentOptions {
  readonly windowMillis: number;
  readonly labels: RecordedLabels;
  /** Absent: the agent is the only one. */
  readonly rooms?: AgentRooms;
  /** The sampled trace in which something is recorded, if there is one. */
  readonly currentTrace?: (() => TraceMoment | undefined) | undefined;
}
