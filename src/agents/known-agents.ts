import type { DropReason } from "../core/drop-reason.ts";
import { Agent } from "./agent.ts";
import { wrongAmong, wrongName } from "./check-record.ts";

/** How many agents are known, and how far their numbers look back. */
export interface KnownAgentsLimits {
  readonly windowMillis: number;
  readonly maxAgents: number;
}

/** The agents that were heard of and have not gone. */
export class KnownAgents implements Iterable<Agent> {
  readonly #agents = new Map<string, Agent>();
  readonly #limits: KnownAgentsLimits;

  constructor(limits: KnownAgentsLimits) {
    this.#limits = limits;
  }

  [Symbol.iterator](): Iterator<Agent> {
    return this.#agents.values();
  }

  get(name: string): Agent | undefined {
    return this.#agents.get(name);
  }

  get names(): string[] {
    return [...this.#agents.keys()];
  }

  /** The agent of that name, who is heard of now; or what is wrong with its name, or with those of what it has to tell. */
  hear(name: unknown, otherNames: readonly unknown[], now: number): Agent | DropReason {
    const wrong = wrongName(name) ?? wrongAmong(otherNames);
    if (wrong !== undefined) return wrong;
    const agentName = name as string;
    let agent = this.#agents.get(agentName);
    if (agent === undefined) {
      if (this.#agents.size >= this.#limits.maxAgents) return "max_agents";
      agent = new Agent(agentName, this.#limits.windowMillis, now);
      this.#agents.set(agentName, agent);
    }
    agent.hear(now);
    return agent;
  }

  /** Forgets those that have no task open and were last heard of at `silentSince` or before; returns their names. */
  expire(silentSince: number): string[] {
    const gone: string[] = [];
    for (const agent of this.#agents.values()) {
      if (agent.lastHeardAt > silentSince || agent.activeTasks > 0) continue;
      this.#agents.delete(agent.name);
      gone.push(agent.name);
    }
    return gone;
  }
}
