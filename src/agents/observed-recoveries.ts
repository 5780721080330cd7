/** A failure that was recovered from, and how long that took. */
export interface ObservedRecovery {
  readonly failureId: string;
  readonly seconds: number;
}

interface AgentFailures {
  heardAt: number;
  /** Open failures by kind of work. */
  readonly open: Map<string, { readonly failureId: string; readonly since: number }>;
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
    open.set(kind, { failureId, since: now });
    return failureId;
  }

  /** What is recovered by this success, where something is. */
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
