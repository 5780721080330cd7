interface AgentFailures {
  heardAt: number;
  /** Ids of open failures by kind of work. */
  readonly open: Map<string, string>;
}

const MAX_KINDS_OPEN = 200;

/**
 * Finds recoveries that nobody tells of: a failure of some kind of work of an agent, followed by a success of the same
 * kind, has been recovered from. Further failures of that kind in between belong to the same trouble: they open no
 * second one. What was cancelled says nothing. An agent that was silent for the expiry has forgotten its failures.
 *
 * Pure: told the time in epoch milliseconds.
 */
export class ObservedRecoveries {
  readonly #agents = new Map<string, AgentFailures>();
  readonly #expiryMillis: number;
  #count = 0;

  constructor(expiryMillis: number) {
    this.#expiryMillis = expiryMillis;
  }

  /** The id of the failure to open, or `undefined` where this kind of work is failing already. */
  failed(agentName: string, kind: string, now: number): string | undefined {
    const { open } = this.#hear(agentName, now);
    if (open.has(kind) || open.size >= MAX_KINDS_OPEN) return undefined;
    this.#count += 1;
    const failureId = `observed-${this.#count}`;
    open.set(kind, failureId);
    return failureId;
  }

  /** The id of the failure that is recovered by this success, where there is one. */
  succeeded(agentName: string, kind: string, now: number): string | undefined {
    if (!this.#agents.has(agentName)) return undefined;
    const { open } = this.#hear(agentName, now);
    const failureId = open.get(kind);
    open.delete(kind);
    return failureId;
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
