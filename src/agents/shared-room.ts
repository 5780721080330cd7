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

  /** Whether an agent that has so many may have one more. It has it then. */
  take(had: number): boolean {
    if (had < this.#own) return true;
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  /** An agent that had so many has `left`. */
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
}
