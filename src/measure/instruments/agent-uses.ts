import type { UsedToday } from "../../agents/used-today.ts";

/** The model of calls that name none, and of what an older version has saved. */
export const UNKNOWN_MODEL = "unknown";

/** Tokens, and their cost if the model has a price. */
export interface ModelUse {
  readonly tokens: number;
  readonly cost: number | undefined;
}

/** What was used with one model, in the name of one agent. */
export interface Use extends ModelUse {
  readonly agent: string;
  readonly model: string;
}

interface AgentUse {
  /** Epoch milliseconds. */
  lastUsedAt: number;
  /**
   * Restored after a restart: the book may never hear of this agent, and then does not expire it.
   */
  isRestored: boolean;
  readonly models: Map<string, { tokens: number; cost: number | undefined }>;
}

/** What the agents of one process have used since midnight, by model. */
export class AgentUses {
  readonly #agents = new Map<string, AgentUse>();

  get size(): number {
    return this.#agents.size;
  }

  has(agent: string): boolean {
    return this.#agents.has(agent);
  }

  isRestored(agent: string): boolean {
    return this.#agents.get(agent)?.isRestored === true;
  }

  /** @param at epoch milliseconds. */
  use(at: number, use: Use): void {
    const uses = this.#of(use.agent, at);
    uses.lastUsedAt = at;
    addTo(uses, use);
  }

  /** Adds to what was used, without a time. */
  addUse(use: Use): void {
    addTo(this.#of(use.agent, 0), use);
  }

  /** Adds what another process used. Without models it is of an unknown model. */
  add({ agent, lastUsedAt, tokens, cost, models }: UsedToday, { isRestored = false } = {}): void {
    const known = this.#agents.has(agent);
    const uses = this.#of(agent, lastUsedAt);
    uses.lastUsedAt = Math.max(uses.lastUsedAt, lastUsedAt);
    if (!known) uses.isRestored = isRestored;
    if (models === undefined) this.addUse({ agent, model: UNKNOWN_MODEL, tokens, cost });
    for (const one of models ?? []) this.addUse({ cost: undefined, ...one, agent });
  }

  /** Everything starts from 0. A model without a price stays without a cost. */
  startDay(): void {
    for (const { models } of this.#agents.values())
      for (const [model, { cost }] of models)
        models.set(model, { tokens: 0, cost: cost === undefined ? undefined : 0 });
  }

  *[Symbol.iterator](): Iterator<Use> {
    for (const [agent, { models }] of this.#agents)
      for (const [model, use] of models) yield { agent, model, ...use };
  }

  /** The same as plain data, one entry for each agent. */
  used(): UsedToday[] {
    return Array.from(this.#agents, ([agent, { lastUsedAt, models }]) => {
      const uses = Array.from(models, ([model, { tokens, cost }]) => ({ model, tokens, ...costOf(cost) }));
      const costs = uses.flatMap(({ cost }) => cost ?? []);
      return {
        agent,
        lastUsedAt,
        tokens: sum(uses.map(({ tokens }) => tokens)),
        ...costOf(costs.length === 0 ? undefined : sum(costs)),
        models: uses,
      };
    });
  }

  /**
   * Ends the restoration of agents that were last heard of at `silentSince` or before. Returns
   * their names.
   */
  expireRestored(silentSince: number): string[] {
    const gone: string[] = [];
    for (const [agent, uses] of this.#agents) {
      if (!uses.isRestored || uses.lastUsedAt > silentSince) continue;
      uses.isRestored = false;
      gone.push(agent);
    }
    return gone;
  }

  /** Forgets agents that are not there and have used nothing. Returns their names. */
  forgetUnused(isThere: (agent: string) => boolean): string[] {
    const forgotten = [...this.#agents]
      .filter(
        ([agent, { models }]) => !isThere(agent) && [...models.values()].every(({ tokens }) => tokens === 0),
      )
      .map(([agent]) => agent);
    for (const agent of forgotten) this.#agents.delete(agent);
    return forgotten;
  }

  #of(agent: string, at: number): AgentUse {
    let uses = this.#agents.get(agent);
    if (uses === undefined) {
      uses = { lastUsedAt: at, isRestored: false, models: new Map() };
      this.#agents.set(agent, uses);
    }
    return uses;
  }
}

function addTo({ models }: AgentUse, { model, tokens, cost }: Use): void {
  const used = models.get(model);
  if (used === undefined) models.set(model, { tokens, cost });
  else {
    used.tokens += tokens;
    if (cost !== undefined) used.cost = (used.cost ?? 0) + cost;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function costOf(cost: number | undefined): { readonly cost?: number } {
  return cost === undefined ? {} : { cost };
}
