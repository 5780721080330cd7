/** A failure that was recovered, and the time from the failure to its recovery. */
export interface ObservedRecovery {
  readonly failureId: string;
  readonly seconds: number;
}

interface AgentFailures {
  heardAt: number;
  /** Open failures by kind of work. */
  readonly open: Map<string, { readonly failureId: string; readonly since: number }>;
}

/** The maximum of kinds of work with an open failure, for one agent. */
const MAX_OPEN_KINDS = 200;

/**
 * Finds recoveries that are not recorded. If work of one kind of an agent fails, and work of the
 * same kind succeeds later, the failure was recovered. Further failures in between belong to the
 * first one. Cancelled work is ignored. If an agent was silent for the expiry, its failures are
 * forgotten.
 *
 * Times are arguments, in epoch milliseconds.
 */
export class ObservedRecoveries {
  readonly #agents = new Map<string, AgentFailures>();
  readonly #expiryMillis: number;
  #count = 0;

  constructor(expiryMillis: number) {
    this.#expiryMillis = expiryMillis;
  }

  /** The id of a new failure. `undefined` if a failure of this kind is open already. */
  failed(agentName: string, kind: string, now: number): string | undefined {
    const { open } = this.#hear(agentName, now);
    if (open.has(kind) || open.size >= MAX_OPEN_KINDS) return undefined;
    this.#count += 1;
    const failureId = `observed-${this.#count}`;
    open.set(kind, { failureId, since: now });
    return failureId;
  }

  /** Whether work of an agent has failed: only then can a success recover a failure. */
  hasFailed(agentName: string): boolean {
    return this.#agents.has(agentName);
  }

  /** The failure that this success recovers, if there is one. */
  succeeded(agentName: string, kind: string, now: number): ObservedRecovery | undefined {
    if (!this.#agents.has(agentName)) return undefined;
    const { open } = this.#hear(agentName, now);
    const failure = open.get(kind);
    if (failure === undefined) return undefined;
    open.delete(kind);
    return { failureId: failure.failureId, seconds: Math.max(0, now - failure.since) / 1000 };
  }

  #hear(agentName: string, now: number): AgentFailures {
    let agent = this.#agents.get(agentName);
    if (agent === undefined || now - agent.heardAt >= this.#expiryMillis) {
      agent = { heardAt: now, open: new Map() };
      this.#agents.set(agentName, agent);
    }
    agent.heardAt = now;
    return agent;
  }
}
